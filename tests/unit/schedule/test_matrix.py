"""Who hears what through whose outlets."""

import pytest

from publisher.schedule.matrix import Matrix, cells
from tests.unit.schedule.specs import (
    audience,
    channel,
    choice,
    entry,
    message,
    organisation,
    outlet,
    plan,
)

FORMS = {"newsletter", "post"}


def places(plan, entry):
    return [(cell.audience.slug, cell.outlet.slug, cell.language) for cell in cells(plan, entry)]


def test_a_cell_needs_a_choice():
    """An outlet nobody switched on for an audience carries nothing to it."""
    said = plan(choice(use=False))

    assert places(said, entry()) == []


def test_there_is_a_cell_for_each_language_with_words_that_the_outlet_speaks():
    """No words in a language, or an outlet that does not speak it: no cell."""
    said = entry(
        words=[{"language": language, "words": "Words."} for language in ("en", "fr", "ar")]
    )

    assert places(plan(), said) == [
        ("members", "iso-newsletter", "en"),
        ("members", "iso-newsletter", "fr"),
    ]


def test_words_meant_for_one_organisation_are_nobody_elses():
    """A block for IEC alone makes no cell for ISO."""
    said = entry(words=[{"language": "en", "organisation": "iec", "words": "Words."}])

    assert places(plan(organisation(), organisation("iec")), said) == []


def test_a_part_hears_what_the_whole_hears():
    """Rows pass from the whole to its parts; the part's own come besides."""
    said = plan(
        audience(hears=[{"message": "together", "through": ["newsletter"]}]),
        audience("boards", part_of="members", hears=[{"message": "together", "through": ["post"]}]),
        channel(),
        channel("post"),
        outlet(),
        outlet(channel="post"),
        choice(audience="boards"),
        choice("iso-post", "boards"),
    )

    assert places(said, entry(audiences=["boards"])) == [
        ("boards", "iso-post", "en"),
        ("boards", "iso-newsletter", "en"),
    ]


def test_audiences_that_are_part_of_each_other_end():
    """A circle, which check refuses, does not hang the matrix."""
    said = plan(audience(part_of="boards"), audience("boards", part_of="members"))

    assert len(cells(said, entry())) == 1


def test_an_audience_may_belong_to_some_organisations():
    """ISO's own boards are not IEC's to address, whatever IEC chose."""
    said = plan(
        organisation(),
        organisation("iec"),
        outlet(),
        outlet("iec"),
        audience(organisations=["iso"]),
        choice(),
        choice("iec-newsletter"),
    )

    assert places(said, entry()) == [("members", "iso-newsletter", "en")]


def test_an_entry_may_narrow_its_channels():
    """`channels:` in the front matter takes away, and adds nothing."""
    assert places(plan(channel(), channel("post")), entry(channels=["post"])) == []
    assert len(places(plan(), entry(channels=["newsletter"]))) == 1


def test_a_cell_speaks_for_its_own_organisation_first():
    """The joint statement in IEC's newsletter is IEC's before it is everybody's."""
    said = plan(organisation(), organisation("iec"), outlet("iec"), choice("iec-newsletter"))

    [cell] = cells(said, entry(speaks_for=["iso", "iec"]))

    assert [one.slug for one in cell.speaks_for] == ["iec", "iso"]
    assert [one.slug for one in cell.messages] == ["together"]


def test_a_cell_serves_only_the_messages_its_channel_is_to_carry():
    """An entry may serve two messages of which an audience hears one here."""
    said = plan(message(), message("cost"))

    [cell] = cells(said, entry(messages=["cost", "together"]))

    assert [one.slug for one in cell.messages] == ["together"]


def test_what_reaches_the_whole_reaches_its_parts():
    """A part for which nobody chose an outlet is no gap while its whole is reached."""
    said = plan(audience(), audience("boards", part_of="members", hears=[]))

    assert [row.gap for row in Matrix(said).rows(FORMS)] == [""] * 2


@pytest.mark.parametrize(
    ("form", "use", "gap"),
    [
        ("newsletter", True, ""),
        ("newsletter", False, "nobody"),
        ("report", True, "no form"),
        ("report", False, "nobody"),
    ],
)
def test_a_row_that_reaches_nobody_is_a_gap(form, use, gap):
    """Either nobody chose an outlet, or only ones whose form is not there yet."""
    said = plan(channel(form=form), choice(use=use))

    assert [row.gap for row in Matrix(said).rows(FORMS)] == [gap]
