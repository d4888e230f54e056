"""Readers come from files, are given out, and are erased."""

import csv
import io
import json
from datetime import timedelta

import pytest

from publisher.flows.export_readers import about, table
from publisher.flows.forget import forget
from publisher.flows.import_readers import import_readers
from publisher.kit.signing import address_hash
from publisher.models import (
    Consent,
    Delivery,
    DeliveryState,
    Feedback,
    Placement,
    Reader,
    Suppression,
)
from publisher.models.errors import Refused
from tests.rows import WHEN, Rows, rows

HEADER = "address,name,language,organisation,boards[],consents\n"


@pytest.fixture
def made(db) -> Rows:
    return rows()


@pytest.fixture
def bring(tmp_path, made):
    """Import a text, or octets, as a file."""

    def brought(content: str | bytes, **said):
        path = tmp_path / "readers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = {"source": "paper", "wording": "I agree.", "now": WHEN} | said
        return import_readers(path, **said)

    return brought


def test_a_line_becomes_a_reader_with_its_attributes_and_its_consents_evidence(bring):
    """Where it was agreed to, when, and in which words, are kept beside each consent."""
    done = bring(HEADER + "Ana@Example.org,Ana,fr,iso,tmb; council,iso/newsletter iec/newsletter\n")

    reader = Reader.objects.get()
    assert (done.lines, done.new, done.consents, done.bad) == (1, 1, 2, 0)
    assert (reader.address, reader.name, reader.language) == ("Ana@example.org", "Ana", "fr")
    assert reader.attributes == {"organisation": "iso", "boards": ["tmb", "council"]}
    for consent in reader.consents.all():
        assert (consent.source, consent.wording) == ("paper", "I agree.")
        assert consent.given_at == consent.confirmed_at == WHEN


def test_the_same_file_again_changes_nothing(bring):
    """What was imported is recognised by its address, whatever its case."""
    bring(HEADER + "ana@example.org,Ana,fr,iso,tmb,iso/newsletter\n")

    again = bring(HEADER + "ANA@example.org,Ana,fr,iso,tmb,iso/newsletter\n")

    assert (again.new, again.changed, again.unchanged, again.consents) == (0, 0, 1, 0)


def test_an_empty_cell_leaves_what_is_known(bring):
    """A file that says less than we know takes nothing away."""
    bring(HEADER + "ana@example.org,Ana,fr,iso,tmb,\n")

    done = bring("address,name,language,country\nana@example.org,,,CH\n", source="", wording="")

    reader = Reader.objects.get()
    assert done.changed == 1
    assert (reader.name, reader.language) == ("Ana", "fr")
    assert reader.attributes == {"organisation": "iso", "boards": ["tmb"], "country": "CH"}


def test_an_address_on_two_lines_becomes_one_reader(bring):
    """The later line wins, what only the earlier says stays, and consents add up."""
    done = bring(
        HEADER
        + "ana@example.org,Ana,fr,iso,,iso/newsletter\n"
        + "Ana@example.org,Ana B.,,,tmb,iec/newsletter\n"
    )

    reader = Reader.objects.get()
    assert (done.new, done.repeated, done.consents) == (1, 1, 2)
    assert (reader.name, reader.language) == ("Ana B.", "fr")
    assert reader.attributes == {"organisation": "iso", "boards": ["tmb"]}


@pytest.mark.parametrize(
    "content",
    [
        HEADER.encode() + "zoé@example.org,Zoé Müller,fr,,,\n".encode(),
        "\ufeff".encode() + HEADER.encode() + "zoé@example.org,Zoé Müller,fr,,,\n".encode(),
        HEADER.encode() + "zoé@example.org,Zoé Müller,fr,,,\n".encode("cp1252"),
        HEADER.replace(",", ";").encode() + "zoé@example.org;Zoé Müller;fr;;;\n".encode(),
        HEADER.replace(",", "\t").encode() + "zoé@example.org\tZoé Müller\tfr\t\t\t\r\n".encode(),
    ],
    ids=["utf-8", "with a byte order mark", "windows-1252", "semicolons", "tabs"],
)
def test_files_are_read_as_spreadsheet_programs_write_them(bring, content):
    """Whatever the encoding and the separator, Zoé's name arrives as it is."""
    assert bring(content).new == 1
    assert Reader.objects.get().name == "Zoé Müller"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.encode() + "a@example.org,Анна Иванова,ru,,,\n".encode("cp1251"), "which encoding"),
        (b"x" * 3_000_000, "too long to be the names"),
        ("adress,name\na@example.org,A\n", "is it “adress”"),
        ("name,language\nA,en\n", "no column “address”"),
        ("address,name,name\n", "“name” is there twice"),
        ("address,Year of birth\n", "cannot name an attribute"),
        (HEADER + 'a@example.org,"A,en,,,\n', "nothing was imported"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(bring, content, sentence):
    """Which says what to do; and nothing is imported."""
    with pytest.raises(Refused, match=sentence):
        bring(content)
    assert not Reader.objects.exists()


def test_consents_without_their_evidence_are_refused(bring):
    """Where they were given and in which words is what makes them consents."""
    with pytest.raises(Refused, match="--source"):
        bring(HEADER, wording="")


BAD = [
    ("not an address,,,,,", "cannot be written to"),
    ('"a@example.org\nBcc: b@example.org",,,,,', "line break"),
    (",No Address,,,,", "there is no address"),
    ("a@example.org,,english,,,", "not a language tag"),
    ("a@example.org,,,,,iso", "not organisation/channel"),
    ("a@example.org,,,,,isso/newsletter", "did you mean “iso”"),
    ("a@example.org,,,,,iso/newsleter", "did you mean “newsletter”"),
    ("a@example.org,,,,,iso/feed", "asks for consent"),
    ("a@example.org,A", "it has 2 cells, and the header 6"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_left_out_and_written_with_its_reason(bring, tmp_path, line, reason):
    """The good lines are imported; the bad one can be mended and imported as it is."""
    done = bring(f"{HEADER}good@example.org,,,,,\n{line}\n")

    assert (done.new, done.bad) == (1, 1)
    with (tmp_path / "readers.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        header, rejected = csv.reader(file)
    assert header[:3] == ["rejected_line", "rejected_because", "address"]
    assert int(rejected[0]) >= 3
    assert reason in rejected[1]


def test_with_strict_one_bad_line_keeps_all_out(bring, tmp_path):
    """And the file of bad lines is written all the same."""
    with pytest.raises(Refused, match="1 of 2 lines are bad, so nothing was imported"):
        bring(f"{HEADER}good@example.org,,,,,\nbad,,,,,\n", strict=True)

    assert not Reader.objects.exists()
    assert (tmp_path / "readers.csv.rejects.csv").exists()


def test_a_mended_file_of_bad_lines_is_imported_as_it_is(bring, tmp_path):
    """Its two first columns are known, and an old file goes once nothing is bad."""
    bring(f"{HEADER}bad,,fr,,,iso/newsletter\n")
    rejects = tmp_path / "readers.csv.rejects.csv"
    mended = rejects.read_text("utf-8-sig").replace(",bad,", ",mended@example.org,")

    done = bring(mended)

    assert (done.new, done.consents, done.bad) == (1, 1, 0)
    assert Reader.objects.get().attributes == {}
    assert not rejects.exists()


def test_an_import_never_gives_back_what_a_reader_withdrew(bring, made):
    """The officer's list is older than the reader's last word."""
    bring(HEADER + "ana@example.org,,,,,iso/newsletter\n")
    Consent.objects.update(withdrawn_at=WHEN, withdrawn_by="one-click")

    done = bring(HEADER + "ana@example.org,,,,,iso/newsletter\n", now=WHEN + timedelta(days=1))

    assert (done.consents, done.withdrawn) == (0, 1)
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_an_import_never_revives_a_suppressed_address(bring):
    """Whatever its case; it is counted and left out."""
    Suppression.objects.create(address_hash=address_hash("ana@example.org"), reason="-", at=WHEN)

    done = bring(HEADER + "ANA@example.org,,,,,iso/newsletter\nben@example.org,,,,,\n")

    assert (done.new, done.suppressed) == (1, 1)
    assert Reader.objects.get().address == "ben@example.org"


def test_what_was_asked_for_on_a_page_is_confirmed_by_a_files_evidence(bring, made):
    """A pending consent becomes the file's, with the file's words."""
    reader = made.reader(wish="iso/newsletter")
    Consent.objects.update(confirmed_at=None, wording="As shown.")

    assert bring(HEADER + "ana@example.org,,,,,iso/newsletter\n").consents == 1
    consent = reader.consents.get()
    assert (consent.wording, consent.confirmed_at) == ("I agree.", WHEN)


def test_an_export_can_be_imported_again(bring, made):
    """What goes out as a table comes back as the same readers."""
    bring(HEADER + "ana@example.org,=Ana,fr,iso,tmb;council,iso/newsletter\n'b@example.org,,,,,\n")
    out = io.StringIO()
    assert table(out) == 1 + Reader.objects.filter(address__startswith="'").count()

    before = list(Reader.objects.values("address", "name", "language", "attributes"))
    again = bring(out.getvalue())
    assert (again.new, again.changed, again.bad) == (0, 0, 0)
    assert list(Reader.objects.values("address", "name", "language", "attributes")) == before


def test_everything_about_one_reader_is_given_out(made):
    """Name, consents with their evidence, each delivery, and what came back."""
    reader = made.reader(wish="iso/newsletter", name="Ana")
    made.delivery(made.placement(), reader)

    held = about("ANA@example.org")

    assert held is not None
    assert held["name"] == "Ana"
    assert held["consents"][0]["wording"] == "I agree."
    assert held["deliveries"][0]["entry"] == "statement"
    assert about("nobody@example.org") is None


def test_a_forgotten_reader_leaves_figures_and_a_hash(made):
    """No row holds the address any more, and a file cannot bring it back."""
    reader = made.reader(wish="iso/newsletter")
    delivery = made.delivery(made.placement(), reader)
    Feedback.objects.create(
        delivery=delivery, kind="bounced", key="1", detail="ana@example.org", at=WHEN
    )

    done = forget("Ana@example.org", now=WHEN)

    assert (done.known, done.deliveries, done.stopped) == (True, 1, 0)
    assert not Reader.objects.exists()
    assert Delivery.objects.get().address == ""
    assert Feedback.objects.get().detail == ""
    assert Suppression.objects.filter(address_hash=address_hash("ana@example.org")).exists()


def test_mail_still_to_be_sent_to_a_forgotten_reader_is_not_sent(made):
    """It is counted as excluded, so that the placement's figures still add up."""
    reader = made.reader(wish="iso/newsletter")
    placement = made.placement(state="sending", candidates=1)
    delivery = made.delivery(placement, reader)
    Delivery.objects.update(state=DeliveryState.QUEUED)

    assert forget(reader.address, now=WHEN).stopped == 1

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.EXCLUDED
    assert Placement.objects.get().excluded == 1


def test_an_unknown_address_can_be_forgotten_too(made):
    """Somebody asks never to be written to, before we ever did."""
    assert not forget("eve@example.org", now=WHEN).known
    assert forget("eve@example.org", now=WHEN).deliveries == 0
    assert Suppression.objects.count() == 1
    assert json.dumps(about("eve@example.org"), default=str)
