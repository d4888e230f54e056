"""Proposing new work and offering to collaborate: open to people, of no use to programs."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

import pytest

from publisher.flows import form_letters, intake, intakes, proposals, propose, subscribe
from publisher.flows.audit import TERMINAL
from publisher.flows.export_readers import about
from publisher.flows.find_related import find_related
from publisher.flows.forget import forget
from publisher.flows.landscape import gather_items
from publisher.kit import clock, words
from publisher.kit.signing import numbered_token
from publisher.models import (
    Intake,
    IntakeState,
    Proposal,
    ProposalState,
    Suppression,
    Tally,
    WorkItem,
)
from publisher.models.errors import Refused
from publisher.web.public import open_forms
from publisher.web.public.open_forms import TRAP, stamp
from tests.rows import open_doors

TITLE = "The Directory - Public-key certificates"
ITEMS = [
    {"id": "ISO/IEC 9594-8:2020", "title": TITLE, "stage": "60.60", "committee": "ISO/IEC JTC 1"},
    {"id": "ISO 1003:1980", "title": "Spices - Ginger, whole", "stage": "60.60"},
]
DIFFERS = "differs iso ISO/IEC 9594-8:2020"
PROPOSAL = {
    "title": "Directory of public-key certificates",
    "scope": "Public-key certificates in a directory.",
    "purpose": "So that directories\nagree.",
    "committee": "TC 57",
    "duplicate": "Looked in ISO.",
    "kind": "standard",
    "starts": "2027-06-01",
    "body": "Example Committee",
    "name": "Ana Example",
    "address": "ana@example.org",
    DIFFERS: "It is for substations.",
    "act": "propose",
}
OFFER = {
    "body": "Example Consortium",
    "website": "https://consortium.example.org/",
    "about": "We write specifications.",
    "work": "ISO/IEC 9594-8",
    "item": "iso ISO/IEC 9594-8:2020",
    "offer": "Our test suite.",
    "name": "Ana Example",
    "address": "ana@example.org",
    "act": "offer",
}


@pytest.fixture
def forms(made, tmp_path):
    """Two organisations take proposals, one door is open, and there is a landscape."""
    open_doors(made)
    file = tmp_path / "items.json"
    file.write_text(json.dumps(ITEMS))
    gather_items(str(file), organisation="iso", now=clock.now())
    return made


def fill(browser, address: str, said: dict, /, **changes):
    """Load a form, wait as people do, and send it."""
    page = browser.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    name = "intake" if "intake" in address else "propose"
    shown = stamp(name, clock.now() - timedelta(minutes=2))
    body = {"stamp": shown, **said, **changes, "csrfmiddlewaretoken": token[1] if token else ""}
    return browser.post(
        address,
        urlencode(body),
        content_type="application/x-www-form-urlencoded",
        headers={"origin": "http://127.0.0.1:8000"},
    )


def press(browser, address: str):
    """Press the one button of a page."""
    return fill(browser, address, {})


def test_a_proposal_is_filed_with_what_is_like_it(forms, browser):
    """Asked with words, confirmed by mail, numbered, in the landscape unconfirmed, and decided."""
    answer = fill(browser, "/propose/iec/", PROPOSAL)
    assert answer.status_code == 200
    asked = Proposal.objects.get()
    assert asked.state == ProposalState.ASKED
    assert not WorkItem.objects.filter(unconfirmed=True).exists()

    there = f"/propose/confirm/{numbered_token('proposal-confirm', asked.pk)}"
    assert browser.get(there).status_code == 200
    assert Proposal.objects.get().state == ProposalState.ASKED
    own = press(browser, there)["Location"]
    assert browser.get(there)["Location"] == own

    filed = Proposal.objects.get()
    assert filed.reference == f"IEC/P {filed.year}-1"
    twin, *_ = filed.evidence["found"]
    assert (twin["identifier"], twin["likely"]) == ("ISO/IEC 9594-8:2020", True)
    assert twin["answer"] == "It is for substations."
    item = WorkItem.objects.get(unconfirmed=True)
    assert (item.identifier, item.state) == (filed.reference, "proposal")
    [found] = [one for one in find_related(TITLE, organisation="iso").found if one.unconfirmed]
    assert found.identifier == filed.reference

    page = browser.get(own).content.decode()
    assert "It is for substations." in page
    assert "ana@example.org" not in page
    assert json.loads(browser.get(f"{own}/proposal.json").content)["fields"]["committee"] == "TC 57"
    docx = pytest.importorskip("docx").Document(
        io.BytesIO(browser.get(f"{own}/proposal.docx").content)
    )
    assert "It is for substations." in docx.element.xml

    proposals.confirm(filed, doer=TERMINAL, now=clock.now())
    assert not WorkItem.objects.filter(unconfirmed=True).exists()
    with pytest.raises(Refused, match="decided already"):
        proposals.refuse(filed, reason="No.", doer=TERMINAL, now=clock.now())


def test_a_likely_twin_must_be_answered_or_the_proposal_withdrawn(forms, browser):
    """Without a word about it nothing is kept; nor when the proposer withdraws."""
    answer = fill(browser, "/propose/iso/", PROPOSAL, **{DIFFERS: ""})
    assert answer.status_code == 422
    assert "ISO/IEC 9594-8:2020" in answer.content.decode()
    withdrawn = fill(browser, "/propose/iso/", PROPOSAL, withdraw="yes")
    assert withdrawn.status_code == 200
    searched = fill(browser, "/propose/iso/", PROPOSAL, act="search").content.decode()
    assert "The titles share" in searched or "The titles" in searched

    part = fill(browser, "/propose/iso/alike", PROPOSAL)
    assert part.status_code == 403  # it has no token of its own: the form's page has
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 301},
        {"scope": "x" * 4001},
        {"kind": "everything"},
        {"starts": "tomorrow"},
        {"address": "ana@example.org\nBcc: all@example.org"},
        {"name": "\u202e\x01\u200b"},
        {"stamp": ""},
        {"stamp": "1-" + "0" * 32},
    ],
)
def test_a_form_that_does_not_do_comes_back(forms, browser, changes):
    """With what was typed; nothing is kept."""
    answer = fill(browser, "/propose/iec/", PROPOSAL, **changes)

    assert answer.status_code == 422
    assert not Proposal.objects.exists()


def test_every_public_page_leads_to_the_forms_that_are_open(forms, browser):
    """In its menu; to none whose channel is not on offer."""
    both = browser.get("/circulars/").content.decode()
    assert "/propose/" in both
    assert "/intake/" in both
    forms.channels["door"].retired_at = clock.now()
    forms.channels["door"].save()

    one = browser.get("/subscribe/").content.decode()
    assert "/propose/" in one
    assert "/intake/" not in one


def test_what_is_typed_stays_words(forms, browser):
    """HTML is shown, not run; control characters and hidden letters are gone."""
    fill(browser, "/propose/iec/", PROPOSAL, title="<script>x()</script>\x01\u202e Ginger")
    row = Proposal.objects.get()
    assert row.fields["title"] == "<script>x()</script> Ginger"
    propose.confirm(row.pk, now=clock.now())

    page = browser.get(f"/proposal/{numbered_token('proposal', row.pk)}").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page
    assert proposals.as_word(Proposal.objects.get()).startswith(b"PK")


def test_a_number_is_looked_up_and_no_way_around_a_twin(forms, browser):
    """A number alone as the title names its work; too many searches file nothing."""
    assert [one.key for one in intake.work_items("iso/iec 9594")] == ["iso ISO/IEC 9594-8:2020"]
    named = fill(browser, "/propose/iso/", PROPOSAL, title="ISO/IEC 9594-8", **{DIFFERS: ""})
    assert named.status_code == 422
    for _ in range(open_forms.SEARCHES.times):
        open_forms.SEARCHES.allows("127.0.0.1", now=clock.now())
    assert fill(browser, "/propose/iso/", PROPOSAL).status_code == 429
    assert not Proposal.objects.exists()


def test_programs_get_nothing_but_the_same_answer(forms, browser):
    """A filled trap, a form sent at once, and the fourth mail of a day to one mailbox."""
    trapped = fill(browser, "/intake/", OFFER, **{TRAP: "https://spam.example"})
    hasty = fill(browser, "/intake/", OFFER, stamp=stamp("intake", clock.now()))
    other = fill(browser, "/intake/", OFFER, stamp=stamp("propose", clock.now()))
    assert (trapped.status_code, hasty.status_code, other.status_code) == (200, 422, 422)
    assert not Intake.objects.exists()

    answers = {fill(browser, "/intake/", OFFER).content for _ in range(4)}
    assert len(answers) == 1
    assert Intake.objects.count() == 3
    assert "ana" not in "".join(Tally.objects.values_list("name", flat=True))


def test_whoever_must_not_be_written_to_is_not(forms, browser):
    """The answer is the same, and nothing is kept."""
    forget("ana@example.org", now=clock.now())
    assert Suppression.objects.exists()
    fill(browser, "/intake/", OFFER)
    fill(browser, "/propose/iec/", PROPOSAL)
    assert not Intake.objects.exists()
    assert not Proposal.objects.exists()


def test_one_visitor_cannot_have_many_mails_sent(forms, browser):
    """After twenty in an hour it is told so, whichever process answers."""
    codes = [
        fill(browser, "/intake/", OFFER, address=f"a{number}@example.org").status_code
        for number in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_an_offer_is_owed_an_answer(forms, browser, monkeypatch):
    """Confirmed, due after ten working days, late, answered by mail, closed; each written down."""
    fill(browser, "/intake/", OFFER)
    row = Intake.objects.get()
    assert row.item.identifier == "ISO/IEC 9594-8:2020"
    there = f"/intake/confirm/{numbered_token('intake-confirm', row.pk)}"
    assert browser.get(there).status_code == 200
    own = press(browser, there)["Location"]
    row.refresh_from_db()
    assert (row.state, row.reference) == (IntakeState.OPEN, f"INTAKE {row.year}-1")
    assert timedelta(days=14) <= row.due_at - row.confirmed_at <= timedelta(days=16)
    assert intakes.standing(row, now=clock.now()) == "due"
    late = row.due_at + timedelta(hours=1)
    assert list(intakes.late(now=late)) == [row]

    intakes.assign(row, organisation="iec", committee="TC 57", doer=TERMINAL, now=late)
    intakes.answer(row, text="Write to\nBo.", doer=TERMINAL, now=late)
    row.refresh_from_db()
    assert intakes.standing(row, now=late) == "broken"
    assert not intakes.late(now=late).exists()
    assert "TC 57" in browser.get(own).content.decode()
    with pytest.raises(Refused, match="why"):
        intakes.close(row, reason=" ", doer=TERMINAL, now=late)
    intakes.close(row, reason="Done.", doer=TERMINAL, now=late)
    with pytest.raises(Refused, match="closed already"):
        intakes.answer(row, text="More.", doer=TERMINAL, now=late)


def test_the_mails_say_only_what_they_must(forms, browser):
    """The one that asks to confirm says none of the words typed; the answer says its own."""
    fill(browser, "/intake/", OFFER, body="BUY NOW")
    fill(browser, "/propose/iec/", PROPOSAL, title="BUY NOW", name="BUY NOW")
    offer, proposal = Intake.objects.get(), Proposal.objects.get()
    ask = form_letters._LETTERS["intake"](offer.pk, "confirm")
    asked = form_letters._LETTERS["proposal"](proposal.pk, "confirm")
    for consignment, parcel in (ask, asked):
        assert parcel.address == "ana@example.org"
        assert "BUY NOW" not in "".join(consignment.content.parts.values())
    taken_in(offer)
    intakes.answer(offer, text="Write to <Bo>.\n\nThe end.", doer=TERMINAL, now=clock.now())
    consignment, _ = form_letters._LETTERS["answer"](offer.answers.get().pk, "answer")
    assert "<p>Write to &lt;Bo&gt;.</p><p>The end.</p>" in consignment.content.parts["html"]


def taken_in(row: Intake) -> None:
    """Take an offer in."""
    assert intake.confirm(row.pk, now=clock.now())


def test_who_it_was_can_be_erased(forms, browser):
    """What is confirmed stays without name and address; what is not, goes; and so do old ones."""
    fill(browser, "/intake/", OFFER)
    fill(browser, "/propose/iec/", PROPOSAL)
    taken_in(Intake.objects.get())
    held = about("ANA@example.org")
    assert held["offers"][0]["offer"] == "Our test suite."
    assert held["proposals"][0]["name"] == "Ana Example"
    assert about("ana@example.org", mine=["iso"])["proposals"] == []
    done = forget("Ana@example.org", now=clock.now())

    assert (done.known, done.forms) == (True, 2)
    assert not Proposal.objects.exists()
    row = Intake.objects.get()
    assert (row.name, row.address, row.offer) == ("", "", "Our test suite.")
    assert form_letters._LETTERS["intake"](row.pk, "taken_in") is None
    fill(browser, "/intake/", OFFER, address="bo@example.org")
    subscribe.forget_unconfirmed(now=clock.now() + timedelta(days=8))
    assert Intake.objects.count() == 1


def test_every_page_speaks_every_language(forms, browser):
    """The list, the forms and their pages; and refuses what is not ours."""
    fill(browser, "/intake/", OFFER)
    taken_in(Intake.objects.get())
    own = numbered_token("intake", Intake.objects.get().pk)
    pages = ("/propose/", "/propose/iso/", "/propose/iec/", "/intake/", f"/intake/status/{own}")
    for address, language in product(pages, words.LANGUAGES):
        page = browser.get(f"{address}?lang={language}")
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()
    assert "script-src 'self'" in browser.get("/propose/iso/")["Content-Security-Policy"]
    for address in ("/propose/nobody/", "/proposal/1-2", f"/intake/status/{own[:-1]}"):
        assert browser.get(address).status_code == 404
