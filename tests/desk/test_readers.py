"""Readers at the desk: found, looked after, put into segments, brought in and given out."""

import csv
import io
import json
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile

from publisher.flows import readers_files
from publisher.flows.readers import PAGE, Asked, search
from publisher.kit import clock
from publisher.kit.signing import address_hash
from publisher.models import (
    Audience,
    AuditRow,
    Consent,
    Outlet,
    Person,
    Reader,
    ReadersFile,
    Suppression,
)
from tests.desk.people import desk_of, person
from tests.rows import WHEN, rows

pytestmark = pytest.mark.django_db
EVIDENCE = {"source": "form of 2026", "wording": "I agree."}


@pytest.fixture
def made():
    """Ana reads ISO, Bob IEC, and Cleo nothing that is confirmed."""
    made = rows()
    made.ana = made.reader(
        "ana@example.org", wish="iso/newsletter", name="Ana María Pérez", language="es",
        attributes={"country": "CH", "boards": ["tmb", "council"], "years": 3},
        address_hash=address_hash("ana@example.org"),
    )  # fmt: skip
    made.bob = made.reader("bob@example.org", wish="iec/newsletter", name="Bob")
    return made


def desk(role="publisher", at="iso", name="officer"):
    """Give the desk of somebody who looks after readers."""
    return desk_of(person(name, role, at))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"address": "ANA@"}, True),
        ({"address": "na@"}, False),
        ({"address": "%"}, False),
        ({"name": "pér"}, True),
        ({"name": "mar & ana"}, True),
        ({"name": "'); --"}, True),  # there is no word in it
        ({"name": "bo"}, False),
        ({"language": "es"}, True),
        ({"attribute": "country"}, True),
        ({"attribute": "boards", "value": "tmb"}, True),
        ({"attribute": "country", "value": "FR"}, False),
        ({"organisation": "iso", "channel": "newsletter"}, True),
        ({"organisation": "iec"}, False),
        ({"organisation": "nobody"}, False),
        ({"channel": "nothing"}, False),
        ({"attribute": "country", "value": "CH", "language": "es", "organisation": "iso"}, True),
        ({"attribute": "country", "value": "CH", "language": "fr", "organisation": "iso"}, False),
        ({"attribute": "country", "value": "CH", "organisation": "iec"}, False),
        ({"attribute": "country", "channel": "newsletter"}, True),
        ({"suppressed": "yes"}, False),
        ({"before": "nonsense"}, True),
    ],
)
def test_a_reader_is_found(made, asked, found):
    """By how its address or a word of its name begins, what it has and what it agreed to."""
    page = desk().get("/desk/readers/", asked).content.decode()

    assert ("ana@example.org" in page) == found
    assert "bob@example.org" not in page


def test_somebody_sees_its_own_organisations_readers_and_an_operator_all(made):
    """And of a reader of both, only the consents with its own."""
    made.reader("both@example.org", wish="iso/newsletter")
    both = Reader.objects.get(address="both@example.org")
    theirs = Consent.objects.get(reader=made.bob)
    Consent.objects.create(
        reader=both, organisation=theirs.organisation, channel=theirs.channel,
        given_at=WHEN, confirmed_at=WHEN, source="IEC’s secret list", wording="Yes.",
    )  # fmt: skip

    ours = desk()
    assert ours.get(f"/desk/readers/{made.bob.pk}/").status_code == 403
    assert "secret list" not in ours.get(f"/desk/readers/{both.pk}/").content.decode()
    told = ours.get(f"/desk/readers/{both.pk}/data.json").json()
    assert [one["organisation"] for one in told["consents"]] == ["iso"]

    who = person("root", "viewer")
    Person.objects.filter(pk=who.pk).update(is_superuser=True)
    who.refresh_from_db()
    page = desk_of(who).get("/desk/readers/").content.decode()
    assert {"ana", "bob", "both"} == {
        name for name in ("ana", "bob", "both") if f"{name}@example.org" in page
    }


def test_a_search_finds_the_same_however_many_an_attribute_leaves(made, monkeypatch):
    """Few are looked up by their ids, many as the page is read."""
    asked = Asked(attribute="country", value="CH", organisation="iso")

    few = search(asked, mine={"iso"})
    monkeypatch.setattr("publisher.flows.readers._MANY", 1)
    many = search(asked, mine={"iso"})

    assert few.rows == many.rows == [made.ana]
    assert not search(asked, mine={"iec"}).rows


def test_the_pages_of_an_organisations_own_readers_follow_each_other(made):
    """Whoever is in between and is only another's is left out."""
    own = [made.reader(f"r{number}@example.org", wish="iso/newsletter") for number in range(2)]
    made.reader("theirs@example.org", wish="iec/newsletter")

    after = search(Asked(before=own[1].pk), mine={"iso"})

    assert after.rows == [own[0], made.ana]


def test_readers_are_paged_by_key(made):
    """However many there are."""
    Reader.objects.bulk_create(
        Reader(address=f"r{number}@example.org", created_at=WHEN) for number in range(PAGE)
    )

    first = search(Asked(), mine=None)
    second = search(Asked(before=first.next), mine=None)

    assert (len(first.rows), len(second.rows), second.next) == (PAGE, 2, 0)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_what_is_known_is_mended_and_written_down(made):
    """What is not touched keeps its kind; the trail has no address."""
    address = f"/desk/readers/{made.ana.pk}/"
    said = {"name": "Ana", "language": "fr", "attributes": "years: 3\nboards[]: tmb\ncity: Bern"}
    ours = desk()
    assert ours.post(address, said).status_code == 302

    made.ana.refresh_from_db()
    assert made.ana.attributes == {"years": 3, "boards": ["tmb"], "city": "Bern"}
    row = AuditRow.objects.get(act="reader.edit")
    assert row.thing == f"reader/{made.ana.pk}"
    assert row.details["fields"] == ["name", "language", "boards", "city", "country"]
    for wrong in ("no colon", "Bad Name: x", "a: 1\na: 2"):
        answer = ours.post(address, said | {"attributes": wrong})
        assert answer.status_code == 422
        assert wrong.split("\n")[0] in answer.content.decode()


def test_a_consent_is_withdrawn_with_a_reason(made):
    """Which is kept beside it; not twice, not without one, and not another organisation's."""
    consent = made.ana.consents.get()
    address = f"/desk/readers/{made.ana.pk}/withdraw/{consent.pk}/"
    ours = desk()
    assert ours.post(address, {"reason": " "}).status_code == 422
    assert ours.post(address, {"reason": "asked by ana@example.org"}).status_code == 422
    assert desk(at="iec", name="other").post(address, {"reason": "x"}).status_code == 403

    assert ours.post(address, {"reason": "asked by telephone"}).status_code == 302

    consent.refresh_from_db()
    assert consent.withdrawn_by == "officer: asked by telephone"
    assert ours.post(address, {"reason": "again"}).status_code == 422
    assert AuditRow.objects.get(act="consent.withdraw").organisation == "iso"
    # It is still there to be looked up.
    assert "asked by telephone" in ours.get(f"/desk/readers/{made.ana.pk}/").content.decode()


def test_a_suppression_is_lifted_with_a_reason(made):
    """The page says why the reader was kept off, and the search finds it."""
    Suppression.objects.create(address_hash=made.ana.address_hash, reason="bounced", at=WHEN)
    ours = desk()
    assert "ana@" in ours.get("/desk/readers/", {"suppressed": "yes"}).content.decode()
    assert "bounced" in ours.get(f"/desk/readers/{made.ana.pk}/").content.decode()

    ours.post(f"/desk/readers/{made.ana.pk}/restore/", {"reason": "mailbox is back"})

    assert not Suppression.objects.exists()
    row = AuditRow.objects.get(act="reader.unsuppress")
    assert "example.org" not in json.dumps(row.details)


def test_the_mail_that_asks_to_confirm_is_sent_again_but_not_at_will(made):
    """Only while somebody may still confirm, and once in ten minutes."""
    asked = made.ana.consents
    ours, address = desk(), f"/desk/readers/{made.ana.pk}/ask-again/"
    assert ours.post(address).status_code == 422  # nothing waits

    asked.update(confirmed_at=None, given_at=clock.now() - timedelta(days=1))
    assert ours.post(address).status_code == 302
    assert ours.post(address).status_code == 422


def test_erasing_is_asked_about_first_and_is_for_all_who_write_to_it(made):
    """A reader of IEC, too, is not ISO's alone to erase."""
    ours, address = desk(), f"/desk/readers/{made.ana.pk}/erase/"
    assert "ana@example.org" in ours.get(address).content.decode()
    assert Reader.objects.filter(pk=made.ana.pk).exists()

    theirs = made.bob.consents.get()
    theirs.reader = made.ana
    theirs.save()
    assert ours.post(address).status_code == 422

    theirs.delete()
    assert ours.post(address).status_code == 302
    assert not Reader.objects.filter(pk=made.ana.pk).exists()
    assert Suppression.objects.filter(address_hash=address_hash("ana@example.org")).exists()


def test_what_is_found_is_handed_out_as_a_table(made):
    """Streamed; no cell is run as a formula; written down without what was looked for."""
    Reader.objects.filter(pk=made.ana.pk).update(name="=HYPERLINK()")
    answer = desk().get("/desk/readers.csv", {"address": "ana"})

    async def whole():
        return b"".join([piece async for piece in answer.streaming_content])

    [line] = csv.DictReader(io.StringIO(async_to_sync(whole)().decode()))
    assert (line["name"], line["consents"]) == ("'=HYPERLINK()", "iso/newsletter")
    assert AuditRow.objects.get(act="readers.export").details == {"narrowed_by": ["address"]}


CLAUSE = {"join-0": "all", "what-0-0": "attribute:country", "how-0-0": "is", "value-0-0": "CH; FR"}


def test_a_segment_is_put_together_without_a_script(made):
    """Groups within groups; each button sends the form, and the count follows."""
    ours = desk()
    assert "Readers: 1" in ours.get("/desk/readers/segments/", CLAUSE).content.decode()

    page = ours.get("/desk/readers/segments/", CLAUSE | {"do": "group-0"}).content.decode()
    assert 'name="join-0-1"' in page
    assert 'name="what-0-1-0"' in page

    inner = {
        "join-0-1": "none", "what-0-1-0": "attribute:boards", "how-0-1-0": "has",
        "value-0-1-0": "tmb",
    }  # fmt: skip
    assert "Readers: 0" in ours.get("/desk/readers/segments/", CLAUSE | inner).content.decode()
    dropped = ours.get("/desk/readers/segments/", CLAUSE | inner | {"do": "drop-0-1"})
    assert "Readers: 1" in dropped.content.decode()


def test_a_segment_is_kept_as_an_audiences_rule(made):
    """As a new audience, of whoever made it; or over one that it may change."""
    Outlet.objects.filter(channel__slug="circular").delete()  # else the plan does not hold together
    rule = json.dumps({"all": [{"attribute": "country", "is": ["CH"]}]})
    ours = desk()
    new = {"rule": rule, "name": "Switzerland", "slug": "switzerland"}
    kept = ours.post("/desk/readers/segments/keep/", new)
    assert kept.status_code == 302

    row = Audience.objects.get(slug="switzerland")
    assert row.spec["organisations"] == ["iso"]
    assert row.said.who.all[0].equals == ["CH"]
    assert ours.post("/desk/readers/segments/keep/", new).status_code == 422
    page = ours.get("/desk/readers/segments/", {"audience": "switzerland"}).content.decode()
    assert "Readers: 1" in page

    theirs = desk(at="iec", name="other")
    from publisher.flows.edit import mark

    over = {"rule": '{"everyone": true}', "audience": f"switzerland {mark(row)}"}
    assert theirs.post("/desk/readers/segments/keep/", over).status_code == 422
    assert ours.post("/desk/readers/segments/keep/", over).status_code == 302
    for wrong in ("", "[", '{"any": [{"occasion": "registered"}]}'):
        bad = ours.post("/desk/readers/segments/keep/", over | {"rule": wrong})
        assert bad.status_code == 422


def bring(client, text, **said):
    """Give a file at the desk."""
    file = SimpleUploadedFile("members.csv", text if isinstance(text, bytes) else text.encode())
    return client.post("/desk/readers/files/", {"file": file, **EVIDENCE, **said})


LINES = (
    "address,name,consents\n"
    "ana@example.org,Ana,iso/newsletter\n"
    "dora@example.org,Dora,iso/newsletter\n"
    "bob@example.org,Robert,iso/newsletter\n"
    "eve@example.org,Eve,iec/newsletter\n"
    "fay@example.org,Fay,\n"
    "nonsense,,iso/newsletter\n"
)


def test_a_file_is_rehearsed_and_nothing_is_written_until_somebody_says_yes(made):
    """Whom only others know stays as it is; lines without a consent to one's own are left out."""
    ours = desk()
    where = bring(ours, LINES)["Location"]
    page = ours.get(where).content.decode()

    row = ReadersFile.objects.get()
    figures = {name: row.figures[name] for name in ("lines", "new", "changed", "consents", "bad")}
    assert figures == {"lines": 6, "new": 1, "changed": 1, "consents": 2, "bad": 3}
    assert "gives no consent to any organisation that is yours (iso)" in page
    assert not Reader.objects.filter(address="dora@example.org").exists()
    assert Consent.objects.count() == 2
    assert not AuditRow.objects.filter(act="readers.import").exists()
    assert desk(name="another").get(where).status_code == 404
    assert b"nonsense" in ours.get(f"{where}rejects.csv").content

    assert ours.post(f"{where}decide/", {"decision": "yes"}).status_code == 302

    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == ("imported", b"")
    assert {name: row.figures[name] for name in figures} == figures
    dora = Reader.objects.get(address="dora@example.org").consents.get()
    assert (dora.source, dora.wording) == ("form of 2026", "I agree.")
    assert Reader.objects.get(address="bob@example.org").name == "Bob"
    assert AuditRow.objects.get(act="readers.import").person.username == "officer"
    assert ours.post(f"{where}decide/", {"decision": "yes"}).status_code == 422


def test_a_file_that_is_none_is_refused_with_a_sentence(made):
    """Or one without evidence."""
    ours = desk()
    cases = [
        (b"PK\x03\x04 a workbook", {}, "save the table as CSV"),
        (b"", {}, "Choose a CSV file"),
        (b"address\n\0\n", {}, "not a text file"),
        (LINES, {"wording": " "}, "the sentence that was agreed to"),
        (LINES, {"encoding": "no-such"}, "not an encoding"),
    ]
    for content, said, sentence in cases:
        answer = bring(ours, content, **said)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not ReadersFile.objects.exists()

    where = bring(ours, "addres,name\nx@example.org,X\n")["Location"]
    page = ours.get(where).content.decode()
    assert "there is no column" in page
    assert "/tmp/" not in page


def test_a_long_file_is_for_a_worker_and_what_it_held_is_erased_after_a_day(made, monkeypatch):
    """The page says that it is read, and then what would happen; nobody answers, and it goes."""
    monkeypatch.setattr(readers_files, "AT_ONCE", 10)
    ours = desk()
    where = bring(ours, LINES)["Location"]
    assert 'hx-trigger="every 2s"' in ours.get(where).content.decode()
    row = ReadersFile.objects.get()

    readers_files.work(row.pk, now=clock.now())
    assert 'value="yes"' in ours.get(where).content.decode()

    readers_files.forget_old(now=clock.now() + timedelta(days=2))
    row.refresh_from_db()
    assert (row.state, bytes(row.content), bytes(row.rejects)) == ("dropped", b"", b"")
