"""A line of a file of work items."""

import pytest

from publisher.landscape.record import conflicting, filled, record


def test_columns_may_have_several_names():
    """Files of the three organisations differ in what they call things."""
    found = record(
        {
            "id": "ITU-T X.509 (10/2019)",
            "title": "The Directory",
            "abstract": "See ISO/IEC 9594-1.",
            "committee": "SG 17; SG 2",
            "ics": "35.100.70",
            "status": "Published",
            "date": "2019-10",
            "same_as": ["ISO/IEC 9594-8"],
        }
    )

    assert found.works == ("ITU-T X.509",)
    assert found.same_as == ("9594-8",)
    assert found.mentions == ("9594-1",)
    assert found.committees == ("SG 17", "SG 2")
    assert (found.stage, found.stage_code, found.state) == ("Published", "60.60", "published")


def test_a_common_text_is_named_after_a_bar():
    """`X | Y` is how both organisations write one text of theirs."""
    found = record({"identifier": "ITU-T X.509 (10/2019) | ISO/IEC 9594-8:2020", "title": "T"})

    assert found.works == ("ITU-T X.509",)
    assert found.same_as == ("9594-8",)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": "No identifier"}, "no identifier"),
        ({"id": "ISO 1", "ics": "computers"}, "“computers” is no field of the ICS"),
        ({"id": "ISO 1", "published": "31/12/2024"}, "“31/12/2024” is no date"),
        ({"id": "ISO 1", "published": "2024-13"}, "“2024-13” is no date"),
        ({"id": "ISO 1", "url": "javascript:alert(1)"}, "is no web address"),
        ({"id": "ISO 1" * 100}, "longer than 200 characters"),
        ({"id": "ISO 1", "committee": "TC " * 200}, "more than 200 characters"),
        ({"id": "ISO 1", "title": {"en": "x"}}, "a list or an object"),
    ],
)
def test_what_cannot_be_meant_is_said(said, sentence):
    """Nothing is guessed from a field that makes no sense."""
    with pytest.raises(ValueError, match=sentence):
        record(said)


def test_different_words_are_a_conflict_and_missing_ones_are_filled_in():
    """Another case or “Amendment 1” is no conflict; what one lacks, the other gives."""
    one = record({"id": "ISO 1003:1980", "title": "Ginger, whole"})
    same = record({"id": "ISO 1003:1980", "title": "GINGER – whole", "ics": ["67.220.10"]})
    other = record({"id": "ISO 1003:1980", "title": "Turmeric"})

    assert conflicting(one, other)
    assert not conflicting(one, same)
    assert not conflicting(one, record({"id": "ISO 1003:1980"}))
    assert filled(one, same).ics == ("67.220.10",)
    assert filled(one, same).title == "Ginger, whole"
