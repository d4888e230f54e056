"""What standards bodies call their documents."""

import pytest

from publisher.landscape.identifiers import identifier, mentions, split, work, works_in


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("ISO 9001:2015", ("9001",)),
        ("ISO/IEC 9594-8:2020", ("9594-8",)),
        ("ISO/IEC/IEEE DIS 29119-2", ("29119-2",)),
        ("ISO/CD TS 8000-60", ("8000-60",)),
        ("ISO/IEC TR 13243:1999", ("13243",)),
        ("ISO/IEC ISP 12062-2:2003", ("12062-2",)),
        ("ISO 10077-1:2006/Cor 1:2009", ("10077-1",)),
        ("IEC 80601-2-60:2019/AWI Amd 1", ("80601-2-60",)),
        ("IEC 61970-453:2014+AMD1:2018 CSV", ("61970-453",)),
        ("ISO/IEC Guide 51:2014", ("Guide 51",)),
        ("IEC GUIDE 104:2019", ("Guide 104",)),
        ("CISPR 16-1-4:2007/AMD1:2007", ("CISPR 16-1-4",)),
        ("IWA 45:2024", ("IWA 45",)),
        ("CD IWA 45", ("IWA 45",)),
        ("ISO/IEC DGuide 98-1", ("Guide 98-1",)),
        ("ITU-T X.509 (10/2019)", ("ITU-T X.509",)),
        ("ITU-T X.509 (2019) Cor. 3 (07/2026)", ("ITU-T X.509",)),
        ("ITU-T H.222.0 (V10) (04/2025)", ("ITU-T H.222.0",)),
        ("ITU-T F.400/X.400 (06/1999)", ("ITU-T F.400", "ITU-T X.400")),
        ("ITU-T L Suppl. 38 (10/2020)", ("ITU-T Suppl. L.38",)),
        ("CCITT Recommendation X.25", ("ITU-T X.25",)),
        ("Our own paper 7", ("Our own paper 7",)),
    ],
)
def test_editions_drafts_and_amendments_are_of_one_work(text, works):
    """What tells editions apart is no part of the work's name."""
    assert work(text) == works


def test_old_numbers_of_iec_are_those_of_today():
    """In 1997, 60000 was added to IEC's numbers, and to nobody else's."""
    assert work("IEC 559:1989") == work("ISO/IEC/IEEE 60559:2011")
    assert work("ISO 559:1991") == ("559",)


def test_an_identifier_tells_its_parts():
    """Publishers, kind, draft, part, year and amendment are fields of their own."""
    found = identifier("ISO/IEC DTR 24741-2:2018/Amd 1")

    assert found is not None
    assert found.publishers == ("ISO", "IEC")
    assert (found.kind, found.draft, found.number, found.part) == ("TR", "DTR", "24741", "2")
    assert (found.year, found.amendment) == (2018, "Amd 1")


def test_words_are_no_identifier():
    """A title that names a standard somewhere is a title."""
    assert identifier("Guidance on the use of ISO 9001") is None


def test_a_text_names_works_in_order():
    """Both organisations' ways to write them are read, each work once."""
    text = "Technically aligned with Rec. ITU-T X.1051 | ISO/IEC 27011:2016, see ISO/IEC 27011."

    assert works_in(text) == ("ITU-T X.1051", "27011")
    assert len(mentions(text)) == 3


def test_a_headline_is_parted_from_its_identifier():
    """Feeds write both on one line."""
    assert split("ISO/IEC 9594-8:2020 – Public-key certificates") == (
        "ISO/IEC 9594-8:2020",
        "Public-key certificates",
    )
    assert split("News of the month") == ("", "News of the month")
