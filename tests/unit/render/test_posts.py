"""Posts are cut where their author says, and refused rather than truncated."""

import pytest

from publisher.models.errors import PlanError
from tests.unit.render.cells import parts, picture, sentences

FOR_POSTS = {"language": "en", "form": "post"}


def post(words, **said):
    return {"words": [{**FOR_POSTS, "words": words}], "channel": "x", **said}


def test_words_go_out_as_they_were_typed():
    """Line ends stay; marks of Markdown do not."""
    words = "One *two* **three**\nfour\n\n- a\n- b\n\nSee [this](https://example.org)."

    assert parts("post", **post(words)) == {
        "1": "One two three\nfour\n\n• a\n• b\n\nSee this (https://example.org).",
        "link": "",
    }


def test_the_link_is_added_where_it_fits():
    """To the last post of a thread with room for it."""
    short, long = "Short.", "x" * 280
    link = "https://example.org/more"

    assert parts("post", **post(f"{short}\n\n---\n\n{long}", link=link)) == {
        "1": f"{short}\n\n{link}",
        "2": long,
        "link": link,
    }
    assert parts("post", **post(long, link=link))["2"] == link
    assert parts("post", **post(f"See {link} now.", link=link))["1"] == f"See {link} now."


def test_an_entry_without_words_for_posts_says_title_and_summary():
    """A newsletter's long words are no post."""
    made = parts("post", channel="x", words="Long. " * 500, summary={"en": "In short."})

    assert made["1"] == "A title\n\nIn short."


def test_a_post_that_is_too_long_is_refused_with_the_count():
    """Nothing is cut silently."""
    assert sentences("post", **post("word " * 60)) == [
        (
            "calendar/statement.md: the post counts 299 on X, which takes 280: 19 too many; "
            "shorten it, or cut it with a line of ---"
        )
    ]


def test_each_post_of_a_thread_is_counted():
    """The sentence says which one."""
    [sentence] = sentences("post", **post("Fine.\n\n---\n\n" + "x" * 281))

    assert "post 2 of the thread counts 281 on X" in sentence


@pytest.mark.parametrize(
    ("said", "words", "fine"),
    [
        ({"channel": "mastodon"}, "x" * 500, True),
        ({"channel": "mastodon"}, "x" * 501, False),
        ({"channel": "bluesky"}, "x" * 301, False),
        ({"channel": "linkedin"}, "x" * 3000, True),
        ({"channel": "news", "adapter": "x"}, "x" * 281, False),
        ({"channel": "news", "settings": {"network": "mastodon"}}, "x" * 500, True),
        ({"channel": "x", "settings": {"network": "mastodon"}}, "x" * 500, True),
    ],
)
def test_the_network_is_the_outlets_setting_its_adapter_or_its_channel(said, words, fine):
    """Each has its own limit."""
    assert (sentences("post", **{**post(words), **said}) == []) is fine


def test_a_post_to_nobody_knows_where_is_refused():
    """Its limits would be a guess."""
    with pytest.raises(PlanError, match=r"channels/news.yaml: outlets.iso-news.settings: which"):
        parts("post", **post("Hello.", channel="news"))


def test_a_picture_needs_words_for_who_cannot_see_it():
    """In the post's own language."""
    said = {
        "pictures": [{"file": "a.png", "alt": {"fr": "Un rond"}}],
        "files": {"a.png": picture()},
    }

    [sentence] = sentences("post", **post("Hello.", **said))

    assert sentence == (
        "calendar/statement.md: pictures.0.alt: “a.png” has no words in “en” for who cannot see it"
    )


def test_no_more_pictures_than_the_network_takes():
    """X takes four."""
    names = [f"{number}.png" for number in range(5)]
    said = {
        "pictures": [{"file": name, "alt": {"en": "A ring"}} for name in names],
        "files": {name: picture(name.encode()) for name in names},
    }

    assert sentences("post", **post("Hello.", **said)) == [
        "calendar/statement.md: pictures: X takes 4 pictures, not 5"
    ]
