"""Titles: their words, their elements, and whether two are of one document."""

import pytest

from publisher.landscape import normalise
from publisher.landscape.reasons import Known, Reason, reasons
from publisher.landscape.similarity import Title, Weights, likeness, scopes_alike
from publisher.landscape.stages import stage_code, state

#: as if counted in many titles: general words stand in many of them
COUNTS = {"information": 4000, "technology": 4500, "system": 6000, "open": 600, "function": 300}
WEIGHTS = Weights(titles=50_000, counts={**COUNTS, "management": 1500, "interconnection": 500})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Summarisation function", "Summarization functions"),
        ("Optical fibre cables", "OPTICAL FIBER CABLE"),
        ("Sécurité", "Securite"),
        ("Vocabulary – Amendment 1", "Vocabulary"),
        ("Windows – Part 1: General – Technical Corrigendum 1", "Windows - General"),
    ],
)
def test_ways_to_write_a_title_are_one(one, other):
    """Spelling, case, accents, plurals, dashes and amendments make no other title."""
    assert normalise.title_words(one) == normalise.title_words(other)


def test_elements_are_told_apart():
    """From the general to the particular, whatever the dashes."""
    title = "Information technology — Message handling (MHS) -- Part 1: System and overview"

    assert normalise.segments(title) == (
        "Information technology",
        "Message handling (MHS)",
        "System and overview",
    )
    assert normalise.part(title) == "1"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (
            "Information technology – Open Systems Interconnection – Time Management Function",
            "Information technology - Open Systems Interconnection - Time management function",
        ),
        ("Guidance on audio description", "Accessibility - Part 21: Guidance on audio description"),
    ],
)
def test_twins_may_leave_out_general_elements(here, there):
    """ITU-T's titles begin where those of ISO and IEC become particular."""
    assert likeness(Title(text=here), Title(text=there), WEIGHTS).twins


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (
            "Systems Management: Time Management Function",
            "Systems Management: Test Management Function",
        ),
        ("Gas cylinders - Part 1: Testing", "Gas cylinders - Part 2: Testing"),
        ("The directory: Models", "The directory: Replication"),
        ("Volume meters", "Essential oil of lavandin"),
    ],
)
def test_siblings_are_no_twins(here, there):
    """One word in another's place, or another part's number, makes another document."""
    assert not likeness(Title(text=here), Title(text=there), WEIGHTS).twins


def test_the_same_words_score_one():
    """And nothing in common scores next to nothing."""
    assert likeness(Title(text="Time function"), Title(text="Time functions"), WEIGHTS).score == 1
    assert likeness(Title(text="Dentistry"), Title(text="Screw threads"), WEIGHTS).score < 0.2


def test_titles_without_words_are_like_nothing():
    """Records without a title exist; two of them are not twins."""
    found = likeness(Title(text=""), Title(text=""), WEIGHTS)

    assert not found.twins
    assert found.score < 0.1


def test_rare_words_weigh_more():
    """And a word of an empty index still has a weight."""
    assert WEIGHTS.of("telebiometric") == 1
    assert WEIGHTS.of("system") < 0.3
    assert Weights(titles=0, counts={}).of("anything") == 1
    assert scopes_alike(["system", "telebiometric"], ["telebiometric"], WEIGHTS) > 0.7


@pytest.mark.parametrize(
    ("said", "code", "meant"),
    [
        ("40.20", "40.20", "enquiry"),
        ("20.98", "20.98", "cancelled"),
        ("90.93", "90.93", "published"),
        ("PUBLISHED", "60.60", "published"),
        ("REPLACED", "95.99", "withdrawn"),
        ("CDV", "40.20", "enquiry"),
        ("Withdrawal", "95.99", "withdrawn"),
        ("Under study", "20.20", "drafting"),
        ("Somewhere", "", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_stages_of_three_organisations_are_one_scale(said, code, meant):
    """ISO numbers, IEC and ITU-T words; what is not known stays unknown."""
    assert stage_code(said) == code
    assert state(code) == meant


def test_reasons_say_what_an_officer_can_check():
    """A record that names a twin without a word in common is doubted aloud."""
    here = Known(identifier="ITU-T H.273", works=["ITU-T H.273"], same_as=["23008-1"])
    there = Known(identifier="ISO/IEC 23008-1:2023", works=["23008-1"], ics=["35.040"])
    alike = likeness(Title(text="Code points"), Title(text="Media transport"), WEIGHTS)

    said = [reason.text() for reason in reasons(here, there, alike)]

    assert said[0] == "ITU-T H.273 is recorded as the same text as ISO/IEC 23008-1."
    assert "hardly agree" in said[1]


def test_reasons_name_the_words_that_differ():
    """So that a sibling is seen for what it is."""
    one, other = Title(text="Time management function"), Title(text="Test management function")

    said = reasons(Known(identifier="a"), Known(identifier="b"), likeness(one, other, WEIGHTS))

    assert [reason.text() for reason in said] == [
        "The titles share: “function”, “management”.",
        "Here “time”, there “test”.",
    ]
    assert said[1].text("fr") == "Ici “time”, là “test”."


def test_a_reason_keeps_its_list_together_in_languages_written_from_the_right():
    """Words of a title are Latin: without a mark their quotes would change sides."""
    said = Reason(key="shared", values={"words": "“roaming”, “vehicle”"})

    assert said.text("en") == "The titles share: “roaming”, “vehicle”."
    assert "\u2066“roaming”, “vehicle”\u2069." in said.text("ar")
