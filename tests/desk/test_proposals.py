"""The desk's proposals: whoever edits for an organisation decides what was proposed to it."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publisher.flows.landscape import gather_items
from publisher.flows.paper_form import read
from publisher.flows.proposals import as_word
from publisher.flows.propose import confirm
from publisher.kit import clock
from publisher.models import AuditRow, Organisation, Proposal, ProposalState, WorkItem
from publisher.models.errors import Refused
from tests.desk.people import desk_of, person
from tests.rows import open_doors, rows

pytestmark = pytest.mark.django_db
FOUND = {
    "organisation": "iec",
    "identifier": "IEC 60000:2020",
    "title": "Invented things",
    "url": "",
    "why": [{"key": "shared", "values": {"words": "“things”"}}],
    "likely": True,
    "answer": "Ours were <b>not</b> invented.",
}
FIELDS = {
    "title": "Ginger, whole",
    "scope": "Ginger roots.\nAnd their powder.",
    "purpose": "So that it is alike everywhere.",
    "committee": "ISO/TC 34",
    "duplicate": "Looked in IEC.",
    "kind": "report",
    "starts": "2027-06-01",
}


def proposed(organisation: str = "iso", language: str = "en") -> Proposal:
    """File one."""
    made = Proposal.objects.create(
        organisation=Organisation.objects.get(slug=organisation),
        language=language,
        fields=FIELDS,
        evidence={"titles": 12, "organisations": ["iec", "iso"], "found": [FOUND]},
        body="Example Committee",
        name="Ana Example",
        address="ana@example.org",
        asked_at=clock.now(),
    )
    filed = confirm(made.pk, now=clock.now())
    assert filed is not None
    return filed


def test_a_proposal_is_read_beside_what_is_like_it_and_refused():
    """It waits on the first page until somebody speaks; the act and its reason are kept."""
    rows()
    row, ana = proposed(), desk_of(person("ana", "editor", "iso"))
    here = f"/desk/proposals/{row.pk}/"
    assert row.reference in ana.get("/desk/").content.decode()
    assert "May be the same: 1" in ana.get("/desk/proposals/").content.decode()
    assert row.reference not in ana.get("/desk/proposals/?state=refused").content.decode()
    page = ana.get(f"{here}?again=1").content.decode()
    for words in ("IEC 60000:2020", "&lt;b&gt;not", "ana@example.org", "Nothing more than was"):
        assert words in page
    assert "Technical report" in page
    assert ana.get(f"{here}form.docx").content.startswith(b"PK")
    assert json.loads(ana.get(f"{here}form.json").content)["reference"] == row.reference

    assert ana.post(f"{here}refuse/", {"reason": " "}).status_code == 422
    assert ana.post(f"{here}refuse/", {"reason": "It is ISO 1003."})["Location"] == here
    assert ana.post(f"{here}confirm/").status_code == 422
    row.refresh_from_db()
    assert (row.state, row.decided_by.username) == (ProposalState.REFUSED, "ana")
    assert not WorkItem.objects.exists()
    assert "It is ISO 1003." in ana.get(here).content.decode()
    assert row.reference not in ana.get("/desk/").content.decode()
    assert AuditRow.objects.get(act="proposal.refuse").person.username == "ana"


def test_nobody_reads_what_was_proposed_to_others():
    """Nor a viewer; nor does anybody see one whose mailbox is not proven."""
    rows()
    row = proposed("iec")
    here = f"/desk/proposals/{row.pk}/"
    for name, role, at in (("vi", "viewer", "iec"), ("ana", "publisher", "iso")):
        client = desk_of(person(name, role, at))
        for answer in (
            *(client.get(here + rest) for rest in ("", "form.docx", "form.json")),
            *(client.post(here + rest, {"reason": "x"}) for rest in ("confirm/", "refuse/")),
        ):
            assert answer.status_code == 403, name
        assert row.reference not in client.get("/desk/").content.decode()
        assert row.reference not in client.get("/desk/proposals/").content.decode()
    olu = desk_of(person("olu", "editor", "iec"))
    assert olu.get(f"{here}form.exe").status_code == 404
    assert olu.post(f"{here}confirm/").status_code == 302
    assert not WorkItem.objects.get().unconfirmed
    Proposal.objects.update(state=ProposalState.ASKED)
    assert olu.get(here).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_filled_word_form_is_read_back(language):
    """Whatever language its labels are in: answers stand in controls that are named."""
    rows()
    row = proposed(language=language)

    said = read(as_word(row))

    assert {name: said[name] for name in FIELDS} == FIELDS
    assert (said["name"], said["address"]) == ("Ana Example", "ana@example.org")
    assert said["related"] == ""


def test_what_is_no_form_of_ours_is_refused_with_a_sentence():
    """Other documents, damaged ones, and whatever is not a document."""
    import docx

    other = io.BytesIO()
    docx.Document().save(other)
    for content, why in (
        (b"", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        (b"x" * 5_000_001, "5 MB"),
        (other.getvalue(), "none of our forms"),
    ):
        with pytest.raises(Refused, match=why):
            read(content)


def test_a_paper_is_read_searched_and_filed_for_its_proposer(tmp_path):
    """It has its number at once, with what was found; the trail says who filed it."""
    made = rows()
    open_doors(made)
    items = tmp_path / "items.json"
    items.write_text(json.dumps([{"id": "IEC 1003:1980", "title": "Spices - Ginger, whole"}]))
    gather_items(str(items), organisation="iec", now=clock.now())
    paper = as_word(proposed())
    WorkItem.objects.filter(unconfirmed=True).delete()
    ana, here = desk_of(person("ana", "editor", "iso")), "/desk/proposals/file/iso/"
    assert here in ana.get("/desk/proposals/").content.decode()
    upload = {"act": "read", "file": SimpleUploadedFile("form.docx", paper)}
    page = ana.post(here, upload).content.decode()
    assert 'value="Ginger, whole"' in page
    assert "IEC 1003:1980" in page
    assert ana.post(here, {"act": "read"}).status_code == 422
    assert ana.post(here, {"act": "file", "title": "Ginger"}).status_code == 422

    said = {"act": "file", **FIELDS, "body": "Example", "name": "Bo", "language": "fr"}
    there = ana.post(here, said | {"differs iec IEC 1003:1980": "Whole roots."})["Location"]

    row = Proposal.objects.latest("pk")
    assert there == f"/desk/proposals/{row.pk}/"
    assert (row.state, row.language, row.address) == (ProposalState.FILED, "fr", "")
    [found] = row.evidence["found"]
    assert (found["identifier"], found["answer"]) == ("IEC 1003:1980", "Whole roots.")
    assert WorkItem.objects.get(identifier=row.reference).unconfirmed
    trail = AuditRow.objects.get(act="proposal.file")
    assert (trail.organisation, trail.person.username) == ("iso", "ana")
    assert desk_of(person("vi", "viewer", "iso")).get(here).status_code == 403
