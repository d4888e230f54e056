"""A part's template: the form's, an organisation's, an audience's or a language's own."""

import pytest

from publisher.models.errors import PlanError
from tests.unit.render.cells import Files, files, parts

LAYERS = [
    ("feed/title.txt.j2", "form"),
    ("feed/organisations/iso/title.txt.j2", "organisation"),
    ("feed/audiences/members/title.txt.j2", "audience"),
    ("feed/languages/en/title.txt.j2", "language"),
]


@pytest.mark.parametrize("last", range(len(LAYERS)))
def test_the_last_layer_wins(last):
    """Form, organisation, audience, language, in this order."""
    assert parts("feed", templates=files(LAYERS[: last + 1]))["title"] == LAYERS[last][1]


def test_a_part_may_be_overridden_alone():
    """The other parts stay the form's."""
    made = parts("feed", templates=files([LAYERS[1]]), words="Some words.")

    assert made["title"] == "organisation"
    assert made["html"] == "<p>Some words.</p>"


def test_an_override_of_somebody_else_changes_nothing():
    """IEC's look is IEC's."""
    assert (
        parts("feed", templates=files({"feed/organisations/iec/title.txt.j2": "x"}))["title"]
        == "A title"
    )


def test_a_base_language_stands_in_for_its_regions():
    """`languages/fr` serves fr-CH."""
    templates = files({"feed/languages/fr/title.txt.j2": "fr"})

    assert parts("feed", templates=templates, language="fr-CH")["title"] == "fr"


def test_an_override_may_extend_what_it_overrides():
    """By its path below `templates/`."""
    override = '{% extends "page/html.html.j2" %}{% block nothing %}{% endblock %}'
    templates = files({"page/organisations/iso/html.html.j2": override})

    assert parts("page", templates=templates) == parts("page")


def test_an_included_part_is_looked_for_along_the_cascade():
    """A style sheet of one's own needs no other template."""
    templates = files({"page/organisations/iso/style.css.j2": "h1 { color: teal }"})

    assert "h1 { color: teal }" in parts("page", templates=templates)["html"]


def test_a_template_that_is_missing_is_named():
    """With what to do about it."""

    class Nothing(Files):
        def source(self, path):
            return None if path == "feed/title.txt.j2" else super().source(path)

    with pytest.raises(PlanError, match=r"^templates/feed/title.txt.j2: this file is missing"):
        parts("feed", templates=Nothing())


def test_a_template_that_includes_what_is_not_there_is_named():
    """At the line of the include."""
    templates = files({"feed/title.txt.j2": "x\n{% include 'nowhere.txt.j2' %}"})

    with pytest.raises(PlanError) as caught:
        parts("feed", templates=templates)

    assert str(caught.value) == (
        "templates/feed/title.txt.j2:2: there is no template “templates/feed/nowhere.txt.j2”"
    )


def test_a_broken_labels_file_is_named():
    """Each language is a mapping."""
    with pytest.raises(PlanError, match=r"^templates/labels.yaml: give each language"):
        parts("feed", templates=files({"labels.yaml": "- en"}))


def test_a_label_a_language_lacks_comes_from_english():
    """Until somebody translates it."""
    assert "Read more" in parts("page", language="de", link="https://example.org")["html"]


def test_mjml_that_is_not_well_formed_is_named():
    """The file stands in the sentence."""
    with pytest.raises(PlanError, match=r"^templates/newsletter/html.mjml.j2: .*MJML"):
        parts("newsletter", templates=files({"newsletter/html.mjml.j2": "<mjml><mj-body>"}))
