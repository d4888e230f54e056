"""A template is rendered once, or once for each reader: the bytes are the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from publisher.models.content import Content
from publisher.models.errors import PlanError
from publisher.render.rendition import fill
from tests.unit.render.cells import VALUES, files, parts, rendered

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
PLAIN = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

names = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co")), max_size=20)
templates = st.lists(st.sampled_from(PRINTS + BRANCHES), max_size=6).map("\n".join)


def one(source) -> Content:
    return rendered("page", templates=files({"page/html.html.j2": source}))


def in_plain_jinja(source, name):
    """Render with Jinja2 as it comes, the values given as strings."""
    made = PLAIN.from_string(source).render(
        reader={"name": name},
        entry={"title": "A title"},
        unsubscribe_url=VALUES["unsubscribe_url"],
    )
    return made.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


@settings(max_examples=80, deadline=None)
@given(source=templates, name=st.one_of(names, st.sampled_from(["", "Anna", "<b>", "{{ x }}"])))
def test_both_ways_give_what_plain_jinja_gives(source, name):
    """Whatever a template does with a reader's value, the reader gets what it says."""
    content = one(source)

    filled = fill(content, {**VALUES, "reader.name": name})["html"]

    same = filled.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert same == in_plain_jinja(source, name)


@settings(max_examples=30, deadline=None)
@given(source=st.lists(st.sampled_from(PRINTS), max_size=6).map("\n".join), name=names)
def test_a_copy_filled_in_is_the_copy_rendered_in_full(source, name):
    """Reducing a template to static bytes and holes changes no byte."""
    values = {**VALUES, "reader.name": name}
    static = one(source)
    in_full = one(source + "{% if reader.name %}{% endif %}")

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
