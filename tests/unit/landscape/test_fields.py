"""Every work item has one field, from its ICS or its committee."""

import pytest

from publisher.landscape.fields import committee_key, field_of, fields

LANGUAGES = {"en", "fr", "es", "ar", "ru", "zh"}


def test_every_field_has_a_name_in_each_language():
    """The ICS has forty, and what names none has a place of its own."""
    assert len(fields()) == 41
    assert len({field.slug for field in fields().values()}) == 41
    for field in fields().values():
        assert set(field.names) == LANGUAGES, field.code


@pytest.mark.parametrize(
    ("ics", "committees", "slug"),
    [
        (["35.020", "03.120.20"], [], "information-technology"),
        (["01.040.35", "35.020"], [], "information-technology"),
        (["01.040.35"], [], "generalities"),
        ([], ["itu-t-sg-20"], "information-technology"),
        ([], ["iso-iec-jtc-1-sc-42"], "information-technology"),
        (["99.999"], ["itu-t-sg-5"], "environment-and-safety"),
        ([], ["iso-tc-1"], "no-field"),
        ([], [], "no-field"),
    ],
)
def test_a_field_is_the_first_code_or_the_committees(ics, committees, slug):
    """A code of terminology counts last; what is not known is said to be so."""
    assert field_of(ics, committees).slug == slug


@pytest.mark.parametrize(
    ("name", "organisation", "key"),
    [
        ("ISO/TC 184/SC 4", "iso", "iso-tc-184-sc-4"),
        ("ISO/IEC JTC 1/SC 42", "iso", "iso-iec-jtc-1-sc-42"),
        ("JTC 1/SC 42", "iec", "iso-iec-jtc-1-sc-42"),
        ("TC 23/SC 23H", "iec", "iec-tc-23-sc-23h"),
        ("SyC Smart Cities", "iec", "iec-syc-smart-cities"),
        ("ITU-T Study Group 13", "itu-t", "itu-t-sg-13"),
        ("Telecommunication Standardization Advisory Group", "itu-t", "itu-t-tsag"),
        ("CISPR/CIS/D", "iec", "cispr-cis-d"),
    ],
)
def test_committees_are_called_as_readers_attributes_call_them(name, organisation, key):
    """Whatever each organisation writes."""
    assert committee_key(name, organisation) == key
