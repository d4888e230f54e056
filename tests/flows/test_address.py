"""Who gets a copy, which one, and why others do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from publisher.flows.address import begin
from publisher.kit.signing import address_hash
from publisher.models import (
    Audience,
    Circular,
    Delivery,
    DeliveryState,
    Occurrence,
    Placement,
    PlacementState,
    Suppression,
)
from tests.rows import WHEN, Rows, rows

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 12, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def made() -> Rows:
    return rows()


def sending(made: Rows, outlet: str = "iso-newsletter", **said) -> Placement:
    return made.placement(outlet, state=PlacementState.SENDING, **said)


def addressed() -> None:
    begin(Occurrence.objects.get().pk, now=NOW)


def written(placement: Placement) -> dict[str, str]:
    """Give what became of each address: the reason it is excluded for, or its state."""
    return {
        row.address: row.answer or DeliveryState(row.state).label
        for row in Delivery.objects.filter(placement=placement)
    }


def audience(slug: str, who: dict, part_of: str | None = None) -> None:
    spec = {"slug": slug, "name": {"en": slug.capitalize()}, "kind": "primary", "who": who}
    Audience.objects.create(slug=slug, spec=spec | ({"part_of": part_of} if part_of else {}))


def test_only_a_confirmed_consent_puts_a_reader_in_the_queue(made: Rows):
    """Who never said yes, withdrew it or did not confirm it is counted, and told why not."""
    made.reader("yes@example.org", wish="iso/newsletter")
    made.reader("no@example.org")
    made.reader("other@example.org", wish="iso/circular")
    made.reader("pending@example.org", wish="iso/newsletter").consents.update(confirmed_at=None)
    made.reader("gone@example.org", wish="iso/newsletter").consents.update(withdrawn_at=WHEN)
    placement = sending(made)

    addressed()

    nothing = "There is no consent to this from ISO."
    assert written(placement) == {
        "yes@example.org": "queued",
        "no@example.org": nothing,
        "other@example.org": nothing,
        "pending@example.org": nothing,
        "gone@example.org": nothing,
    }
    placement.refresh_from_db()
    assert (placement.candidates, placement.excluded, placement.open) == (5, 4, 1)


def test_a_suppressed_address_is_never_written_to_whatever_its_case(made: Rows):
    """The suppression knows only a hash, of the address in lower case."""
    made.reader("Ana@Example.org", wish="iso/newsletter")
    Suppression.objects.create(address_hash=address_hash("ana@example.org"), reason="x", at=WHEN)
    placement = sending(made)

    addressed()

    assert written(placement) == {
        "Ana@Example.org": "This address is never to be written to again."
    }
    placement.refresh_from_db()
    assert placement.state == PlacementState.FINISHED


def test_muting_every_key_message_of_an_entry_is_respected(made: Rows):
    """One message that is still wanted is enough to get the copy."""
    made.reader("all@example.org", wish="iso/newsletter", muted=["coordination", "other"])
    made.reader("part@example.org", wish="iso/newsletter", muted=["other"])
    placement = sending(made)

    addressed()

    assert written(placement) == {
        "all@example.org": "Does not want to hear about these key messages.",
        "part@example.org": "queued",
    }


def test_a_reader_in_two_audiences_gets_the_copy_of_the_more_specific_one(made: Rows):
    """The other audience's row says whose copy it gets."""
    audience("boards", {"attribute": "role", "is": "board"}, part_of="members")
    made.reader("board@example.org", wish="iso/newsletter", attributes={"role": "board"})
    made.reader("plain@example.org", wish="iso/newsletter", attributes={"role": "expert"})
    wide, narrow = sending(made), sending(made, audience="boards")

    addressed()

    assert written(narrow) == {"board@example.org": "queued"}
    assert written(wide) == {
        "board@example.org": "Gets the copy for Boards from ISO.",
        "plain@example.org": "queued",
    }


def test_of_two_audiences_of_one_depth_the_smaller_wins(made: Rows):
    """The smaller audience is the closer description of who somebody is."""
    audience("experts", {"attribute": "committees", "has": "TC 1"})
    made.reader("both@example.org", wish="iso/newsletter", attributes={"committees": ["TC 1"]})
    made.reader("one@example.org", wish="iso/newsletter")
    wide, narrow = sending(made), sending(made, audience="experts")

    addressed()

    assert written(narrow) == {"both@example.org": "queued"}
    assert written(wide)["both@example.org"] == "Gets the copy for Experts from ISO."


def test_of_two_organisations_a_reader_hears_from_its_own(made: Rows):
    """Of two joint newsletters one copy comes: from home, else from whom it agreed to."""
    at_home = made.reader("home@example.org", attributes={"organisation": "iso"})
    for organisation in ("iec", "iso"):
        at_home.consents.create(
            organisation=made.organisations[organisation],
            channel=made.channels["newsletter"],
            given_at=WHEN,
            confirmed_at=WHEN,
        )
    made.reader("away@example.org", wish="iec/newsletter", attributes={"organisation": "iso"})
    iso, iec = sending(made), sending(made, "iec-newsletter")

    addressed()

    assert written(iso) == {"home@example.org": "queued"}
    assert written(iec) == {"away@example.org": "queued"}


@pytest.mark.parametrize(
    ("reader", "copy"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("en", "en"), ("ru", "en"), ("ar", "en")],
)
def test_a_reader_gets_its_own_language_else_the_organisations_first(made: Rows, reader, copy):
    """Exact, then base language, then what the organisation falls back to."""
    made.reader("ana@example.org", wish="iso/newsletter", language=reader)
    placements = {language: sending(made, language=language) for language in ("fr", "en")}

    addressed()

    assert {language: len(written(one)) for language, one in placements.items()} == {
        language: int(language == copy) for language in placements
    }


def test_who_has_a_copy_already_gets_no_second_one_later(made: Rows):
    """A placement that was missed and is sent by hand passes over whom another one reached."""
    made.reader("ana@example.org", wish="iso/newsletter")
    sending(made)
    addressed()
    audience("boards", {"everyone": True}, part_of="members")
    late = sending(made, audience="boards")

    addressed()

    assert written(late) == {"ana@example.org": "Has a copy of this already."}


def test_addressing_twice_changes_nothing(made: Rows):
    """A task that runs again after a crash finds its work done."""
    made.reader("ana@example.org", wish="iso/newsletter")
    placement = sending(made)
    addressed()
    before = list(Delivery.objects.values())

    addressed()

    assert list(Delivery.objects.values()) == before
    placement.refresh_from_db()
    assert placement.candidates == 1


def test_a_page_has_one_delivery_to_its_endpoint(made: Rows):
    """Whoever reads a page or a feed is nobody's candidate."""
    placement = sending(made, "iso-website")

    addressed()

    assert list(Delivery.objects.values_list("recipient", "state")) == [(0, DeliveryState.QUEUED)]
    placement.refresh_from_db()
    assert (placement.candidates, placement.open) == (1, 1)


def test_a_circulars_number_is_the_organisations_next_and_the_same_in_each_language(made: Rows):
    """Numbers have no gaps and no repeats; the date is written out in the language."""
    made.reader("ana@example.org", wish="iso/circular")
    english = sending(made, "iso-circular")
    french = sending(made, "iso-circular", language="fr")
    other = sending(made, "iec-circular")

    addressed()

    for placement in (english, french, other):
        placement.refresh_from_db()
    assert english.values["circular.number"] == french.values["circular.number"] == "ISO 2027/1"
    assert other.values["circular.number"] == "IEC 2027/1"
    assert french.values["circular.date"] == "12 mars 2027"
    assert Circular.objects.count() == 2


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"everyone": True}, "abc"),
        ({"attribute": "role", "is": ["board", "expert"]}, "ab"),
        ({"attribute": "grade", "is": 3}, "ab"),
        ({"attribute": "observer", "is": True}, "ac"),
        ({"attribute": "boards", "has": "smb"}, "c"),
        ({"all": [{"attribute": "role", "is": "board"}, {"attribute": "grade", "is": 3}]}, "a"),
        (
            {"any": [{"attribute": "role", "is": "board"}, {"attribute": "boards", "has": "smb"}]},
            "ac",
        ),
        ({"none": [{"attribute": "role", "is": "board"}]}, "bc"),
    ],
)
def test_rules_find_readers_by_their_attributes(made: Rows, rule, found):
    """Numbers and truths match as they are, and as the text a CSV file has for them."""
    attributes = {
        "a": {"role": "board", "grade": 3, "observer": True},
        "b": {"role": "expert", "grade": "3", "boards": ["tmb"]},
        "c": {"observer": "true", "boards": ["smb", "tmb"]},
    }
    for name, said in attributes.items():
        made.reader(f"{name}@example.org", wish="iso/newsletter", attributes=said)
    audience("chosen", rule)
    placement = sending(made, audience="chosen")

    addressed()

    assert "".join(sorted(address[0] for address in written(placement))) == found
