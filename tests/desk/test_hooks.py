"""The desk's programs: an administrator adds one, tries it, and sees how telling it went."""

from __future__ import annotations

import re

import pytest
from asgiref.sync import async_to_sync

from publisher.flows import hooks
from publisher.flows.audit import TERMINAL
from publisher.flows.call_hooks import call_hooks
from publisher.kit import clock
from publisher.models import AuditRow, CallState, Hook, HookCall
from tests.adapters.service import Answer, Service
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db
SAID = {
    "organisation": "iso",
    "name": "Members' portal",
    "url": "https://93.184.215.14/in",
    "event": ["placement.finished", "reader.left"],
}


def test_a_program_is_added_and_its_secret_shown_once():
    """The form comes back with what was typed if it is wrong; others' programs are not there."""
    rows()
    ana = desk_of(person("ana", "administrator", "iso"))
    assert "No program is told" in ana.get("/desk/hooks/").content.decode()
    wrong = ana.post("/desk/hooks/add", {**SAID, "url": "https://10.0.0.1/in"})
    assert wrong.status_code == 422
    assert "not a public address" in wrong.content.decode()
    assert "10.0.0.1" in wrong.content.decode()

    page = ana.post("/desk/hooks/add", SAID).content.decode()

    made = Hook.objects.get()
    assert re.search(r"whsec_[A-Za-z0-9+/=]{40,}", page)
    here = f"/desk/hooks/{made.pk}/"
    again = ana.get(here).content.decode()
    assert "whsec_" not in again
    assert "A reader left" in again
    other = desk_of(person("bo", "administrator", "iec"))
    assert other.get(here).status_code == 403
    assert "portal" not in other.get("/desk/hooks/").content.decode()
    assert other.post("/desk/hooks/add", SAID).status_code == 403
    editor = desk_of(person("cy", "editor", "iso"))
    assert editor.get("/desk/hooks/").status_code == 403
    row = AuditRow.objects.get(act="hook.add")
    assert (row.organisation, row.person.username) == ("iso", "ana")
    assert "whsec_" not in str(row.details)


def test_a_program_is_tried_told_again_switched_and_removed():
    """Each button does what it says, the log shows each attempt, and the first page what failed."""
    rows()
    receiver = Service(None, "", {"POST /in": lambda _: Answer(status=204)})
    made, _ = hooks.add(
        "iso",
        name="Portal",
        url=f"{receiver.url}/in",
        events=["plan.applied"],
        private=True,
        doer=TERMINAL,
        now=clock.now(),
    )
    ana, here = desk_of(person("ana", "administrator", "iso")), f"/desk/hooks/{made.pk}/"
    try:
        assert ana.post(f"{here}test")["Location"] == here
        async_to_sync(call_hooks)()
        call = HookCall.objects.get()
        assert " 204 " in ana.get(here).content.decode()
        receiver.answers("POST", Answer(status=410))
        ana.post(f"{here}again/{call.pk}")
        async_to_sync(call_hooks)()
    finally:
        receiver.close()

    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert "Portal" in ana.get("/desk/").content.decode()
    assert ana.post(f"{here}again/{call.pk}").status_code == 422
    assert "410" in ana.get(here).content.decode()
    ana.post(f"{here}switch")
    assert "Portal" not in ana.get("/desk/").content.decode()
    assert "whsec_" in ana.post(f"{here}rotate").content.decode()
    ana.post(f"{here}change", {"name": "New", "event": ["intake.came"]})
    made.refresh_from_db()
    assert (made.name, made.events, bool(made.sealed_before)) == ("New", ["intake.came"], True)
    assert ana.post(f"{here}change", {"name": "New"}).status_code == 422
    assert HookCall.objects.get().state == CallState.GIVEN_UP
    ana.post(f"{here}remove")
    assert not Hook.objects.exists()
    acts = set(AuditRow.objects.filter(thing=f"hook/{made.pk}").values_list("act", flat=True))
    wanted = "add edit off on remove rotate tell_again test"
    assert acts == {f"hook.{one}" for one in wanted.split()}
