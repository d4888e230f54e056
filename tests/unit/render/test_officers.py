"""Words may hold merge fields and `if`, and nothing else that Jinja2 can do."""

import pytest

from publisher.models.errors import PlanError
from publisher.render.rendition import fill
from tests.unit.render.cells import VALUES, parts, rendered


def html(words, **said):
    """Give one reader's page of these words."""
    return fill(rendered("feed", words=words, **said), VALUES)["html"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{{ organisation.name }}", "<p>ISO</p>"),
        ("{{ entry.title | upper }}", "<p>A TITLE</p>"),
        ("{{ reader.name }}", "<p>Anna Example</p>"),
        ("{% if language == 'en' %}yes{% else %}no{% endif %}", "<p>yes</p>"),
        ("{{ 'a' if audience.slug == 'members' and not entry.link else 'b' }}", "<p>a</p>"),
        ("[site]({{ organisation.website }})", '<p><a href="https://iso.example.org">site</a></p>'),
        ("{{ entry.summary | default('none', true) }}", "<p>none</p>"),
        ("a {literal} brace", "<p>a {literal} brace</p>"),
    ],
)
def test_merge_fields_conditions_and_filters_work(words, expected):
    """What an officer needs."""
    assert html(words) == expected


def test_a_value_is_never_read_as_markdown_or_html():
    """A title with asterisks stays the title."""
    title = {"en": "*a* <b> [x](https://example.org)"}

    assert html("{{ entry.title }}", title=title) == (
        "<p>*a* &lt;b&gt; [x](https://example.org)</p>"
    )


def test_a_constant_is_printed_each_time():
    """Jinja would print it once, while compiling."""
    assert [html("{{ '<' }} and {{ 1 }}") for _ in range(2)] == ["<p>&lt; and 1</p>"] * 2


REFUSED = {
    "{% for a in [1] %}{% endfor %}": "a loop may not stand in words",
    "{{ range(9) }}": "a call may not stand in words",
    "{% include 'x' %}": "an include may not stand in words",
    "{% set x = 1 %}": "a set may not stand in words",
    "{% macro m() %}{% endmacro %}": "a macro may not stand in words",
    "{{ 'a' * 1000000000 }}": "“mul” may not stand in words",
    "{{ 'a' ~ 'b' }}": "“~” may not stand in words",
    "{{ entry['title'] }}": "brackets may not stand in words",
    "{{ 'a' | center(1000000000) }}": "there is no filter “center” for words",
    "{{ secret }}": "there is no merge field “secret”",
    "{{ labels.months }}": "there is no merge field “labels”",
    "{{ 'a'.upper() }}": "a call may not stand in words",
    "{{ 'a'.upper }}": "a merge field is written like reader.name",
    "{{ entry.titel }}": "there is no variable “entry.titel”; did you mean “entry.title”?",
    "{{ entry.__class__ }}": "there is no variable “entry.__class__”",
    "{{ unfinished": "unexpected end of template",
    "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}": "braces are nested too deeply",
    "{{ organisation }}": "print one of its fields instead",
}


@pytest.mark.parametrize("words", REFUSED, ids=REFUSED.values())
def test_anything_else_is_refused_with_its_line(words):
    """The entry's file is named, and the line among these words."""
    with pytest.raises(PlanError) as caught:
        parts("feed", words=f"Two lines.\n\n{words}")

    problem = caught.value.problems[0]
    assert (problem.path, problem.field) == ("calendar/statement.md", "words.0")
    assert REFUSED[words] in problem.sentence
    assert "in line 3 of these words" in problem.sentence or "nested" in problem.sentence


def test_words_without_end_are_refused():
    """Sixty thousand letters are a book, not a message."""
    for words in ("{{ language }}" + "x" * 60_000, "x" * 60_001):
        with pytest.raises(PlanError, match="60,000 are the most"):
            parts("feed", words=words)


def test_markdown_nested_beyond_reason_is_refused():
    """Markdown's reader would leave out what stands inside."""
    with pytest.raises(PlanError, match="nested too deeply"):
        html(">" * 500 + " x")
    assert "x" in html(">" * 30 + " x")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "default"),
        ({"form": "page"}, "form"),
        ({"channel": "news"}, "channel"),
        ({"organisation": {"slug": "iec"}}, "organisation"),
        ({"audience": "boards"}, "audience"),
    ],
)
def test_the_most_specific_words_win(said, expected):
    """Audience before organisation before channel before form."""
    words = [
        {"language": "en", "words": "default"},
        {"language": "en", "form": "page", "words": "form"},
        {"language": "en", "channel": "news", "words": "channel"},
        {"language": "en", "organisation": "iec", "words": "organisation"},
        {"language": "en", "audience": "boards", "form": "feed", "words": "audience"},
        {"language": "fr", "audience": "members", "words": "autre langue"},
    ]
    form = said.pop("form", "feed")

    assert f"<p>{expected}</p>" in parts(form, words=words, **said)["html"]


def test_no_words_for_a_cell_is_said():
    """With the block that is missing."""
    words = [{"language": "en", "audience": "boards", "words": "x"}]

    with pytest.raises(PlanError, match="there are no words in “en” for the audience “members”"):
        parts("feed", words=words)
