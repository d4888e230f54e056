"""No template can hang or fill the process it is rendered in."""

import signal

import pytest

from publisher.models.errors import PlanError
from tests.unit.render.cells import files, parts

NAME = "templates/feed/html.html.j2"

KEEPS = (
    "{%% set ns = namespace(x='a' ~ range(9999) | join('xxxxxxxxx'), l=[]) %%}"
    "{%% for a in range(9999) %%}{%% set ns.l = ns.l + [%s] %%}{%% endfor %%}"
)
ATTACKS = {
    "loops in loops": "{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
    "many loops in loops": "{% for a in range(999) %}{% for b in range(999) %}"
    "{% for c in range(999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}",
    "a long range": "{{ range(10**8) | list | length }}",
    "a range of ranges": "{% for a in range(10000000) %}{% endfor %}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "cycler": "{{ cycler('a').next() }}",
    "center, the method": "{{ 'a'.center(10**9) }}",
    "center, the filter": "{{ 'a' | center(1000000000) }}",
    "ljust": "{{ 'a'.ljust(1000000000) }}",
    "zfill": "{{ '1'.zfill(1000000000) }}",
    "replace, the method": "{{ 'aaaa'.replace('a', 'b') }}",
    "repeated text": "{{ 'a' * 10**9 }}",
    "a repeated list": "{{ [1] * 1000000000 }}",
    "a great power": "{{ 9 ** 9 ** 9 }}",
    "multiplied without end": "{% set ns = namespace(x=9) %}"
    "{% for a in range(999) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "a wide format": "{{ '%1000000000d' % 1 }}",
    "format, the method": "{{ '{:1000000000}'.format(1) }}",
    "format, the filter": "{{ '%1000000000d' | format(1) }}",
    "doubled by ~": "{% set ns = namespace(x='aaaa') %}"
    "{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "doubled by +": "{% set ns = namespace(x='aaaa') %}"
    "{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "doubled by a block": "{% set ns = namespace(x='aaaa') %}{% for a in range(99) %}"
    "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}",
    "doubled by join": "{% set ns = namespace(x='aaaa') %}"
    "{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] | join(ns.x) %}{% endfor %}",
    "doubled by replace": "{% set ns = namespace(x='aaaa') %}"
    "{% for a in range(99) %}{% set ns.x = ns.x | replace('a', ns.x) %}{% endfor %}",
    "a doubled list": "{% set ns = namespace(x=[1]) %}"
    "{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "a list of lists of lists": "{% set ns = namespace(x=[1]) %}"
    "{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}",
    "a filter's list of lists": "{% set a = [1] %}{% set b = [a, a] %}{{ b | length }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}"
    "{% endif %}{% endmacro %}{{ m(60) }}",
    "arguments in arguments": "{% macro m(n) %}{{ varargs | length }}{% endmacro %}{{ m(1) }}",
    "a block that prints itself": "{% block b %}{{ self.b() }}{% endblock %}",
    "an include of itself": "{% include 'html.html.j2' %}",
    "a recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "a wide batch": "{{ [1] | batch(1000000000, 'x') | list | length }}",
    "a fine rounding": "{{ 1.5 | round(1000000000) }}",
    "long static text in a loop": "{% for a in range(9999) %}" + "x" * 9999 + "{% endfor %}",
    "long static text in a macro": "{% macro m() %}" + "x" * 9999 + "{% endmacro %}"
    "{% set ns = namespace(x='') %}{% for a in range(9999) %}{% set ns.x = m() %}{% endfor %}",
    "many long texts kept by ~": KEEPS % "ns.x ~ a",
    "many long texts kept by a filter": KEEPS % "ns.x | upper",
    "many long texts kept by a method": KEEPS % "ns.x.upper()",
    "many long texts kept by a slice": KEEPS % "ns.x[1:]",
    "many long texts kept by replace": KEEPS % "ns.x | replace('x', 'y')",
    "many long lists kept": "{% set ns = namespace(x=range(9999) | list, l=[]) %}"
    "{% for a in range(9999) %}{% set ns.l = ns.l + [ns.x[1:] | length] %}{% endfor %}",
    "many long texts put in": "{% set x = range(9999) | join('{a}{a}{a}') %}"
    "{{ x | put(a=x) | length }}",
    "many long beginnings of lines": "{% set x = range(9999) | join(' ') %}"
    "{{ x | folded(rest=x) | length }}",
    "many long texts joined by a field": "{% set x = range(9999) | join('x') %}"
    "{% set ns = namespace(l=[]) %}{% for n in range(99) %}{% set ns.l = ns.l + [entry] %}"
    "{% endfor %}{{ ns.l | join(x ~ x ~ x, 'title') | length }}",
    "a value said to be HTML": "{{ reader.name | safe }}",
    "the class of a value": "{{ ''.__class__.__mro__ }}",
    "the class, by attr": "{{ '' | attr('__class__') }}",
    "the globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "a method of the context": "{{ entry.__init__() }}",
    "the loop's own class": "{% for a in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "a deep expression": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep blocks": "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
    "loops nested deeply": "{% for a in [1] %}" * 40 + "{% endfor %}" * 40,
    "the whole context": "{{ entry }}",
    "a whole list": "{{ messages }}",
}


@pytest.fixture(autouse=True)
def _stopped():
    """End a test that hangs, so that it fails instead."""
    signal.alarm(30)
    yield
    signal.alarm(0)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_ends_in_a_sentence_that_names_the_template(attack):
    """What costs more than a rendering may is refused, and the file is named."""
    with pytest.raises(PlanError) as caught:
        parts("feed", templates=files({"feed/html.html.j2": attack}))

    [problem] = caught.value.problems
    assert problem.path == NAME
    assert len(problem.sentence) < 300


@pytest.mark.parametrize(
    "label",
    ["{day:09999999999}", "{day.__class__}", "{month_number.__init__.__globals__}"],
)
def test_a_label_is_no_program(label):
    """How a day is written is words with holes; a width or a name inside them is words, too."""
    said = f"en: {{date: '{label}', months: a b c d e f g h i j k l}}"
    files_ = files({"labels.yaml": said, "feed/html.html.j2": "{{ '2027-03-12' | date }}"})

    assert parts("feed", templates=files_)["html"] == label


def test_labels_that_stand_for_more_than_is_written_are_refused():
    """A kilobyte of aliases could become a gigabyte."""
    said = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    with pytest.raises(PlanError, match="anchors and aliases"):
        parts("feed", templates=files({"labels.yaml": said}))


@pytest.mark.parametrize("attack", ["loops in loops", "doubled by ~", "a long range", "lipsum"])
def test_the_line_is_named(attack):
    """Whoever wrote the template finds the place."""
    source = "<p>one</p>\n<p>two</p>\n" + ATTACKS[attack]

    with pytest.raises(PlanError) as caught:
        parts("feed", templates=files({"feed/html.html.j2": source}))

    assert caught.value.problems[0].line == 3


def test_what_designers_do_works():
    """The guards leave loops, macros, captured blocks, arithmetic and filters as they are."""
    source = """
    {%- macro item(word, n=1) %}{{ word | upper }}{{ n + 1 }}{% endmacro -%}
    {%- set words = ["a", "b"] + ["c"] -%}
    {%- set all %}{% for word in words %}{{ item(word, loop.index * 2) }},{% endfor %}{% endset -%}
    {{ all }} {{ words | map("upper") | join("-") }} {{ "x" ~ 1 ~ "<" }} {{ words[1:] | join }}
    {%- macro box() %}[{{ caller() }}]{% endmacro %}
    {%- call box() %}Q2{% endcall %} {{ entry.title.split(" ") | first }} {{ 7 // 2 }}
    {%- if "a" in words and words is iterable %} yes{% endif %} {{ words | length > 2 }}
    """
    html = parts("feed", templates=files({"feed/html.html.j2": source}))["html"]

    assert html.split() == ["A3,B5,C7,", "A-B-C", "x1&lt;", "bc[Q2]", "A", "3", "yes", "True"]


def test_an_unknown_variable_names_its_place_and_the_nearest_right_one():
    """A typing slip in a template is found before anything goes out."""
    source = "<p>one</p>\n<p>{{ entry.titel }}</p>"

    with pytest.raises(PlanError) as caught:
        parts("feed", templates=files({"feed/html.html.j2": source}))

    assert str(caught.value) == (
        f"{NAME}:2: there is no variable “entry.titel”; did you mean “entry.title”?"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ entri.title }}", "there is no variable “entri”; did you mean “entry”?"),
        ("{{ reader.nam }}", "there is no variable “reader.nam”; did you mean “reader.name”?"),
        ("{{ organisation.nme }}", "did you mean “organisation.name”?"),
        ("{{ labels.unsubscrib }}", "did you mean “unsubscribe”?"),
        ("{{ entry.title | uper }}", "No filter named 'uper'"),
        ("{% for %}", "Expected an expression, got 'end of statement block'"),
    ],
)
def test_a_slip_is_met_with_what_was_meant(source, expected):
    """Each kind of slip says what is wrong."""
    with pytest.raises(PlanError, match=r"^templates/feed/html\.html\.j2:1: ") as caught:
        parts("feed", templates=files({"feed/html.html.j2": source}))

    assert expected in str(caught.value)
