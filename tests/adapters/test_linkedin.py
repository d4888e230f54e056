"""LinkedIn: what a page's posts are made of, and what is read back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.adapters.linkedin import little_text, plain_text
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import OutcomeUnknown, WillNeverWork
from tests.adapters import networks
from tests.adapters.consignments import PICTURE, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service


@pytest.fixture
def network() -> networks.LinkedIn:
    return networks.LinkedIn()


@pytest.fixture
def api(network: networks.LinkedIn):
    service = Service(None, "", network.routes())
    yield service
    service.close()


@pytest.fixture
def post(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "post",
        tmp_path,
        adapter="linkedin",
        account="iso-linkedin",
        settings={"page": "2414183", "version": "202605"},
        parts={"1": "Plan (ISO/IEC) #standards_first *now*", "title": "One plan"},
        credential={"access_token": "token-1", "base_url": api.url},
    )


def test_a_post_says_its_words_as_little_text_with_a_card_and_goes_on_in_comments(
    api, network, post
):
    """The interface's version, the page and the card are as the outlet and the entry have them."""
    (outcome,) = hand_over(post, parcels(post))

    (made,) = network.posts.values()
    (request,) = api.asked("POST /rest/posts")
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers["linkedin-version"] == "202605"
    assert headers["authorization"] == "Bearer token-1"
    assert made["author"] == "urn:li:organization:2414183"
    assert made["commentary"] == "Plan \\(ISO/IEC\\) {hashtag|\\#|standards\\_first} \\*now\\*"
    assert made["content"]["article"]["source"] == "https://www.example.org/plan"
    assert made["content"]["article"]["title"] == "One plan"
    assert (made["visibility"], made["lifecycleState"]) == ("PUBLIC", "PUBLISHED")
    (comment,) = network.comments
    assert (comment["object"], comment["message"]["text"]) == (
        "urn:li:share:7000",
        post.content.parts["2"],
    )
    assert outcome.url == "https://www.linkedin.com/feed/update/urn:li:share:7000"


@pytest.mark.parametrize(("count", "kind"), [(1, "media"), (2, "multiImage")])
def test_pictures_go_with_their_words(network, post, count, kind):
    """One or many, in place of the card."""
    content = replace(post.content, pictures=(PICTURE,) * count)
    made = replace(post, content=content, pictures={PICTURE.sha256: b"png"})

    hand_over(made, parcels(made))

    shown = next(iter(network.posts.values()))["content"][kind]
    first = shown if count == 1 else shown["images"][0]
    assert first == {"id": "urn:li:image:C4D", "altText": "Three logos side by side"}
    assert network.uploaded == [b"png"] * count


@pytest.mark.parametrize(
    "text",
    [
        "a\\b|c{d}e@f[g](h)<i>#*_~",
        "#ISO #9001 C# #é_t",
        "https://e.org/a_b(c)?d=#e",
        "مرحبا #مواصفات",
    ],
)
def test_little_text_gives_the_words_back(text):
    """Whatever is reserved."""
    assert plain_text(little_text(text)) == text


def test_a_hashtag_stays_one_and_a_number_does_not_become_one():
    """C# and #9001 are words."""
    assert little_text("#ISO C# #9001") == "{hashtag|\\#|ISO} C\\# \\#9001"


def test_silence_is_uncertain_until_the_page_is_read_back(api, network, post):
    """There is no key: what is there is accepted, and what is not is left to a person."""
    api.answers("POST /rest/posts", Answer(status=502))
    with pytest.raises(OutcomeUnknown):
        hand_over(post, parcels(post))
    assert _asked(post) is None

    hand_over(post, parcels(post))
    found = _asked(post)
    assert (found.verdict, found.url.rpartition("/")[2]) == (Verdict.ACCEPTED, "urn:li:share:7000")

    network.comments.clear()
    assert _asked(post).verdict is Verdict.UNCERTAIN


def test_a_thread_refused_halfway_is_taken_back(api, network, post):
    """With its post go its comments."""
    api.answers("POST /rest/socialActions/", Answer(status=422))

    with pytest.raises(WillNeverWork):
        hand_over(post, parcels(post))

    assert network.posts == {}


def test_figures_are_read_back(api, post):
    """Of the very post; the list's brackets are LinkedIn's own notation."""
    found = asyncio.run(
        registry.adapter("linkedin").figures(post, parcels(post)[0], "x/urn:li:share:7000")
    )

    assert found == {"views": 90, "clicks": 5, "likes": 4, "replies": 2, "reposts": 3}
    (asked,) = api.asked("GET /rest/organizationalEntityShareStatistics")
    assert asked.query["shares"] == "List(urn:li:share:7000)"


def test_a_page_that_is_none_is_a_sentence(post):
    """Before anything is sent."""
    outlet = post.outlet.model_copy(update={"settings": {"page": "our-page"}})

    (sentence,) = registry.adapter("linkedin").check(outlet, post.credential)

    assert "number of the organisation's page" in sentence


def _asked(post: Consignment):
    return asyncio.run(registry.adapter("linkedin").ask(post, parcels(post)[0]))
