"""A template is rendered once, or once for each reader: the bytes are the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from publisher.models.content import Content, unmarked
from publisher.models.errors import PlanError
from publisher.render.rendition import fill
from tests.unit.render.cells import VALUES, files, parts, rendered
from tests.unit.render.generated import BRANCHING, PRINTING, STRANGE_NAMES, readers

#: what a template does with a reader's value, and whether that is more than printing it
PRINTS = ["{{ reader.name }}", "<a href='{{ unsubscribe_url }}'>x</a>", "{{ entry.title }}", "a&b "]
BRANCHES = [
    "{% if reader.name %}Dear {{ reader.name }}{% else %}Hello{% endif %}",
    "{% if reader.name == 'Anna' %}A{% endif %}",
    "{% if 'Anna' == reader.name %}A{% endif %}",
    "{% if reader.name in 'Anna Berta' %}B{% endif %}",
    "{% if 'n' in reader.name %}N{% endif %}",
    "{% if reader.name < 'M' %}L{% endif %}",
    "{% if reader.name is string %}S{% endif %}",
    "{% if not reader.name %}none{% endif %}",
    "{{ reader.name | upper }}",
    "{{ reader.name | default('you', true) }}",
    "{{ reader.name | length }}",
    "{{ reader.name or 'you' }}",
    "{{ reader.name ~ '<' ~ 1 }}",
    "{{ reader.name + '!' }}",
    "{{ [reader.name, 'x'] | join('&') }}",
    "{{ reader.name.upper() }}",
    "{{ reader.name[:2] }}",
    "{% for letter in reader.name %}{{ letter }}.{% endfor %}",
    "{% set n = reader.name %}{% if n %}{{ n }}{% endif %}",
    "{% macro m(n) %}{{ n | lower }}{% endmacro %}{{ m(reader.name) }}",
    "{{ ['b', reader.name] | sort | join }}",
    "{{ {reader.name: 'key'}['Anna'] | default('no') }}",
    "{{ reader.name | e }}",
]
READER = ("name", "address", "committees", "interests")
EMPTY = "<mjml><mj-body></mj-body></mjml>"


def one(source) -> Content:
    return rendered("page", templates=files({"page/html.html.j2": source}))


def in_plain_jinja(source, values, *, escapes):
    """Render with Jinja2 as it comes, the values given as strings."""
    given = {name: unmarked(value) for name, value in values.items()}
    reader = {name: given[f"reader.{name}"] for name in READER}
    addresses = {name: given[name] for name in ("unsubscribe_url", "preferences_url")}
    environment = Environment(
        autoescape=escapes, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    made = environment.from_string(source).render(
        reader=reader, entry={"title": "A title"}, language="en", **addresses
    )
    return with_one_kind_of_marks(made)


def with_one_kind_of_marks(html):
    """Write quotation marks in one of the two ways in which HTML escapes them."""
    return html.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(source=st.one_of(BRANCHING, PRINTING), values=readers())
def test_both_ways_give_what_plain_jinja_gives(source, values):
    """Whatever a template does with a reader's value, the reader gets what it says."""
    source = f"¶{source}¶"  # the form trims a text's ends
    named = {"newsletter/text.txt.j2": source, "newsletter/html.mjml.j2": EMPTY}
    text = rendered("newsletter", templates=files(named))

    html = with_one_kind_of_marks(fill(one(source), values)["html"])

    assert html == in_plain_jinja(source, values, escapes=True)
    said = with_one_kind_of_marks(fill(text, values)["text"])
    assert said == in_plain_jinja(source, values, escapes=False) + "\n"


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(source=PRINTING, values=readers(STRANGE_NAMES))
def test_a_copy_filled_in_is_the_copy_rendered_in_full(source, values):
    """Reducing a template to static bytes and holes changes no byte."""
    static = one(source + "¶")  # or a template's last line end would be its end no more
    in_full = one(source + "¶{% if reader.name %}{% endif %}")

    assert not static.program
    assert in_full.program
    assert fill(static, values) == fill(in_full, values)


@pytest.mark.parametrize("source", PRINTS)
def test_printing_alone_is_rendered_once(source):
    """The hot path: no template runs for each reader."""
    assert not one(source).program


@pytest.mark.parametrize("source", BRANCHES)
def test_anything_more_is_noticed(source):
    """A branch that went unnoticed would give every reader the same copy."""
    assert one(source).program


def test_the_frozen_program_needs_nothing_else():
    """After JSON and back, with other templates in the plan, a copy comes out as approved."""
    source = "{% include 'part.html.j2' %}{% if reader.name %}, {{ reader.name }}{% endif %}"
    content = rendered(
        "page",
        templates=files({"page/html.html.j2": source, "page/part.html.j2": "{{ entry.title }}"}),
    )

    again = Content.from_json(content.to_json())

    assert fill(again, {**VALUES, "reader.name": "Ann"})["html"] == "A title, Ann"
    assert again.sha256 == content.sha256


def test_a_branch_not_taken_is_frozen_too():
    """The template that only some readers get is part of what was approved."""
    source = "{% if reader.name == 'X' %}{% include 'x.html.j2' %}{% endif %}"
    content = rendered(
        "page", templates=files({"page/html.html.j2": source, "page/x.html.j2": "only X"})
    )

    assert fill(content, {**VALUES, "reader.name": "X"})["html"] == "only X"
    assert fill(content, {**VALUES, "reader.name": "Y"})["html"] == ""


def test_words_that_branch_are_written_for_each_reader():
    """An officer may greet by name, or without one; the name is never read as Markdown."""
    words = "{% if reader.name %}Dear {{ reader.name }},{% else %}Dear reader,{% endif %} *hello*."
    content = rendered("newsletter", words=words)

    known = fill(content, {**VALUES, "reader.name": "*Bob* <i>"})
    unknown = fill(content, {**VALUES, "reader.name": ""})

    assert "Dear *Bob* &lt;i&gt;, <em>hello</em>" in known["html"]
    assert "Dear *Bob* <i>, hello." in known["text"]
    assert "Dear reader, <em>hello</em>" in unknown["html"]


def test_a_derived_value_is_never_read_as_markdown():
    """What a filter makes of a reader's value stays words."""
    content = rendered("newsletter", words="Dear {{ reader.name | upper }}!")

    filled = fill(content, {**VALUES, "reader.name": "[x](https://evil.example) *b*"})

    assert "Dear [X](HTTPS://EVIL.EXAMPLE) *B*!" in filled["html"]


def test_a_readers_value_goes_into_no_link():
    """A name that is an address leads nobody anywhere."""
    html = parts("newsletter", words="[here]({{ reader.name }})")["html"]

    assert 'href="\ue000reader.name\ue001"' not in html


def test_a_value_that_nobody_gave_is_said():
    """A mail with a hole in it never goes out."""
    with pytest.raises(PlanError, match=r"nobody gave a value for “reader\.name”"):
        fill(one("{{ reader.name }}"), {})


def test_cutting_a_mark_is_refused():
    """A filter that cuts words in the middle of a hole would print half of it."""
    with pytest.raises(PlanError, match="print them whole"):
        parts(
            "newsletter",
            words="Dear {{ reader.name }}",
            templates=files({"newsletter/text.txt.j2": "{{ words.text | upper }}"}),
        )


def test_a_name_cannot_forge_a_hole():
    """A reader called like a mark gets no other reader's value."""
    name = "\ue000unsubscribe_url\ue001"

    filled = fill(
        one("{{ reader.name }}|{{ reader.name | upper }}"), {**VALUES, "reader.name": name}
    )

    assert filled["html"] == "unsubscribe_url|UNSUBSCRIBE_URL"
