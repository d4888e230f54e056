"""Circulars: the document in the register, and the mails that carry it."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.models.adapter import Attachment, Verdict
from publisher.models.errors import WillNeverWork
from publisher.models.specs import OutletSpec
from tests.adapters.consignments import consignment, hand_over, parcels


def circular(data: Path, **changes: object):
    return consignment(
        "circular", data, adapter="circular", settings={"mail": "capture"}, **changes
    )


def outlet(**settings: str) -> OutletSpec:
    return circular(Path("unused")).outlet.model_copy(update={"settings": settings})


def test_the_document_is_in_the_register_and_the_mails_are_sent(tmp_path):
    """One document by number and language, one covering mail a reader, one address for both."""
    made = circular(tmp_path)

    outcomes = hand_over(made, parcels(made, 3))

    assert (tmp_path / "circulars/iso/2027-7-en.pdf").read_bytes() == b"%PDF-1.7"
    assert len(mailbox.Maildir(tmp_path / "capture" / "mailbox", create=False)) == 3
    assert {one.verdict for one in outcomes} == {Verdict.ACCEPTED}
    assert {one.url for one in outcomes} == {"https://news.example.org/circulars/iso/2027-7-en.pdf"}


def test_a_document_that_is_out_is_never_changed(tmp_path):
    """Typeset again after a crash, it may differ in its bytes; readers have the first."""
    hand_over(circular(tmp_path))
    again = Attachment(filename="c.pdf", media_type="application/pdf", content=b"%PDF-1.7 again")

    made = circular(tmp_path, attachments=[again])
    hand_over(made, parcels(made))

    assert (tmp_path / "circulars/iso/2027-7-en.pdf").read_bytes() == b"%PDF-1.7"


def test_other_words_to_another_audience_are_another_document(tmp_path):
    """One number, two documents: neither overwrites the other."""
    hand_over(circular(tmp_path))
    same, other = (
        circular(tmp_path, audience="committees"),
        circular(tmp_path, audience="press", parts={"document": "= For the press"}),
    )

    urls = [hand_over(made, parcels(made))[0].url for made in (same, other)]

    assert [url.rpartition("/")[2] for url in urls] == ["2027-7-en.pdf", "2027-7-en-press.pdf"]


@pytest.mark.parametrize(
    "settings", [{}, {"mail": "feed"}, {"mail": "pigeon"}, {"mail": "circular"}]
)
def test_it_must_be_told_which_adapter_carries_the_mail(settings):
    """A sentence when the plan is checked, not when the circular is due."""
    (sentence,) = registry.adapter("circular").check(outlet(**settings), None)

    assert "mail" in sentence or "pigeon" in sentence


def test_the_carriers_own_settings_are_checked():
    """They stand beside the setting `mail`."""
    assert registry.adapter("circular").check(outlet(mail="capture", network="x"), None) == []
    assert registry.adapter("circular").check(outlet(mail="capture", hots="x"), None) != []


def test_a_circular_without_a_number_never_goes_out(tmp_path):
    """Its number is what it is cited by."""
    made = circular(tmp_path, values={"circular.number": "", "circular.date": ""})

    with pytest.raises(WillNeverWork, match="number"):
        hand_over(made, parcels(made))
