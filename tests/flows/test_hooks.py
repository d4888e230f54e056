"""Programs are told what happens: signed, at least once, and only what is their organisation's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from publisher.flows import hooks, late_promises
from publisher.flows.approve import approve
from publisher.flows.audit import TERMINAL
from publisher.flows.call_hooks import CLAIMED, KEPT, _claim, call_hooks, forget_old
from publisher.flows.leave import leave
from publisher.flows.tell import tell, wake
from publisher.kit import clock
from publisher.models import (
    AuditRow,
    CallState,
    EventName,
    Hook,
    HookAttempt,
    HookCall,
    Placement,
    PlacementState,
    Vote,
)
from publisher.models.errors import Refused
from tests.adapters.service import Answer, Service
from tests.conftest import ROOT
from tests.flows.stored import entry, joint_plan, store
from tests.rows import rows

pytestmark = pytest.mark.django_db
EVERYTHING = list(EventName)
#: in place of serving for ever, in a program of the documentation
RUN_FOR_TWO = """print(server.server_port, flush=True)
    server.handle_request()
    server.handle_request()"""


@pytest.fixture
def receiver():
    service = Service(None, "", {"POST /in": lambda _: Answer(status=204)})
    yield service
    service.close()


def hook(receiver: Service, organisation="iso", events=EVERYTHING) -> tuple[Hook, str]:
    return hooks.add(
        organisation,
        name="Members' portal",
        url=f"{receiver.url}/in",
        events=events,
        private=True,
        doer=TERMINAL,
        now=clock.now(),
    )


def send(*, later: timedelta = timedelta(0)) -> int:
    return async_to_sync(call_hooks)(now=lambda: clock.now() + later)


def told(receiver: Service) -> list[str]:
    return sorted(one.json["type"] for one in receiver.requests)


def happen() -> None:
    """Let something that is ISO's happen."""
    tell(EventName.PROMISE_LATE, frozenset({"iso"}), {"audience": "members"}, now=clock.now())


def test_what_is_told_is_signed_as_standard_webhooks_says(receiver):
    """Its own library takes it, with the new secret and for a day the old; not when altered."""
    rows()
    made, old = hook(receiver)
    new = hooks.rotate(made, doer=TERMINAL, now=clock.now())
    happen()

    assert send() == 1

    [request] = receiver.requests
    for secret in (old, new):
        said = Webhook(secret).verify(request.body, request.headers)
        assert (said["type"], said["organisation"]) == ("promise.late", "iso")
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(request.body + b" ", request.headers)
    call = HookCall.objects.get()
    assert request.headers["webhook-id"] == call.identifier
    assert (call.state, call.tries.get().status) == (CallState.TOLD, 204)
    assert hooks.secrets_of(Hook.objects.get(), now=clock.now() + hooks.OVERLAP) == [new]
    assert new not in Hook.objects.get().sealed_secret


def test_an_organisation_hears_of_its_own_alone(receiver):
    """What becomes of ISO's placement, the database itself writes down; IEC hears nothing."""
    made = rows()
    placement = made.placement(state=PlacementState.PLANNED, started_at=None)
    hook(receiver, "iso")
    other, _ = hook(receiver, "iec")
    mine = Placement.objects.filter(pk=placement.pk)
    mine.update(state=PlacementState.SENDING, candidates=3)
    mine.update(accepted=1)
    mine.update(problem="the service is away")
    mine.update(accepted=2, uncertain=1, problem="")
    mine.update(state=PlacementState.FINISHED)

    assert send() == 4

    events = ["finished", "held", "started", "uncertain"]
    assert told(receiver) == [f"placement.{one}" for one in events]
    assert not other.calls.exists()
    [last] = [one for one in receiver.requests if one.json["type"] == "placement.finished"]
    assert last.json["data"]["placement"] == placement.key
    assert last.json["data"]["figures"]["accepted"] == 2


def test_readers_are_numbers_to_programs(receiver):
    """Who leaves and who is told of it: an id and a channel, and no address."""
    made = rows()
    reader = made.reader(wish="iso/newsletter")
    placement = made.placement()
    hook(receiver, events=["reader.left"])

    leave(reader.pk, placement.key, now=clock.now(), how="one-click")
    send()

    [request] = receiver.requests
    data = {"reader": reader.pk, "channel": "newsletter", "how": "one-click"}
    assert request.json["data"] == data
    assert "@" not in request.body.decode()


def test_a_joint_entry_tells_each_that_it_speaks_for(receiver):
    """That words wait, that ISO said yes, and that it no longer holds once they change."""
    store(joint_plan(entry(when="2027-03-20 09:00", speaks_for=["iso", "iec"])))
    for one in ("iso", "iec"):
        hook(receiver, one)

    approve(entry="statement", organisation="iso", person="Anna Keller", now=clock.now())
    send()
    before = told(receiver)
    changed = entry(when="2027-03-20 09:00", speaks_for=["iso", "iec"], title={"en": "New"})
    store(joint_plan(changed))
    approve(
        entry="statement",
        organisation="iec",
        person="Bo",
        vote=Vote.NO,
        reason="No.",
        now=clock.now(),
    )
    send()

    assert before == ["approval.asked"] * 2 + ["entry.approved"] * 2
    after = sorted(one.json["type"] for one in receiver.requests[4:])
    asked = ["approval.asked"] * 2
    assert after == [*asked, *["entry.refused"] * 2, *["entry.unapproved"] * 2]


def test_a_failure_is_retried_for_three_days_and_then_its_people_are_told(receiver):
    """Each wait is longer, `Retry-After` is honoured, the id stays, and the hook goes off."""
    rows()
    made, _ = hook(receiver)
    receiver.answers("POST", *[Answer(status=500)] * 20)
    receiver.answers("POST", Answer(status=500))
    happen()
    waits, later = [], timedelta(0)
    while HookCall.objects.filter(state=CallState.WAITING).exists():
        due = HookCall.objects.get().due_at - clock.now()
        waits.append(due)
        later = max(due, timedelta(0)) + timedelta(seconds=5)
        assert send(later=later) == 1

    made.refresh_from_db()
    assert timedelta(days=3) < later < timedelta(days=4)
    assert waits == sorted(waits)
    assert len({one.headers["webhook-id"] for one in receiver.requests}) == 1
    assert HookCall.objects.get().state == CallState.GIVEN_UP
    assert made.off_why == "failing"
    assert list(hooks.switched_off(["iso"])) == [made]
    assert AuditRow.objects.filter(act="hook.off", organisation="iso").exists()


def test_a_program_may_ask_for_patience_or_say_that_it_is_gone(receiver):
    """After 429 nothing comes before it said; after 410 nothing comes at all."""
    rows()
    made, _ = hook(receiver)
    receiver.answers("POST", Answer(status=429, headers={"Retry-After": "7200"}))
    happen()
    send()
    assert HookCall.objects.get().due_at > clock.now() + timedelta(hours=1, minutes=59)
    made.refresh_from_db()
    assert made.failing_since is not None

    receiver.answers("POST", Answer(status=410))
    send(later=timedelta(hours=3))
    happen()

    made.refresh_from_db()
    assert (made.off_why, HookCall.objects.get().state) == ("gone", CallState.GIVEN_UP)
    with pytest.raises(Refused, match="switched off"):
        hooks.test(made, doer=TERMINAL, now=clock.now())
    hooks.switch_on(made, doer=TERMINAL, now=clock.now())
    hooks.tell_again(HookCall.objects.get(), doer=TERMINAL, now=clock.now())
    send()
    assert HookCall.objects.get().state == CallState.TOLD
    assert [one.status for one in HookAttempt.objects.order_by("id")] == [429, 410, 204]


def test_a_redirect_is_a_failure(receiver):
    """It is not followed: it could lead into somebody's own network."""
    rows()
    hook(receiver)
    receiver.answers("POST", Answer(status=307, headers={"Location": f"{receiver.url}/else"}))
    happen()
    send()

    assert len(receiver.requests) == 1
    assert HookCall.objects.get().state == CallState.WAITING


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_fact_and_sending_loses_nothing(receiver):
    """The event stands or falls with the fact, and what a dead process claimed is told later."""
    rows()
    hook(receiver)
    with transaction.atomic():
        happen()
        transaction.set_rollback(True)
    assert not HookCall.objects.exists()
    happen()
    assert ProcrastinateJob.objects.filter(task_name="tell_hooks", status="todo").count() == 1

    [claimed] = _claim(clock.now())  # and this process dies
    assert send() == 0
    assert send(later=CLAIMED + timedelta(seconds=1)) == 1

    assert receiver.requests[0].headers["webhook-id"] == claimed.identifier
    ProcrastinateJob.objects.all()._raw_delete("default")
    call = HookCall.objects.get()
    HookCall.objects.update(state=CallState.WAITING, due_at=clock.now())
    wake()
    assert ProcrastinateJob.objects.filter(task_name="tell_hooks").count() == 1
    assert call.state == CallState.TOLD


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_receiver_takes_its_time(receiver):
    """The server sees none idle in one while the receiver answers; its words are not read."""
    rows()
    hook(receiver)
    happen()
    found = []

    def slow(_request):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND state LIKE 'idle in transaction%%'"
            )
            found.append(cursor.fetchone()[0])
        connection.close()
        return Answer(status=200, body=b"x" * 300_000)

    receiver.answers("POST", slow)
    send()

    assert found == [0]
    assert HookCall.objects.get().state == CallState.TOLD


def test_what_nobody_asked_for_costs_no_row(receiver):
    """Neither the wrong event nor a hook that is off gets one; told once is told once."""
    rows()
    made, _ = hook(receiver, events=["plan.applied"])
    happen()
    assert not HookCall.objects.exists()
    for _ in range(2):
        tell(EventName.PLAN_APPLIED, None, {}, now=clock.now(), once="the same")
    assert HookCall.objects.count() == 1
    hooks.switch_off(made, doer=TERMINAL, now=clock.now())
    tell(EventName.PLAN_APPLIED, None, {}, now=clock.now())
    assert HookCall.objects.count() == 1
    assert late_promises.tell_late_promises(now=clock.now()) == 0


def test_a_late_promise_is_told_once(receiver):
    """To whose outlets owe it."""
    store(joint_plan(entry(when="2027-03-20 09:00", speaks_for=["iso"])))
    hook(receiver, "iso", ["promise.late"])
    hook(receiver, "iec", ["promise.late"])
    now = clock.now()
    approve(entry="statement", organisation="iso", person="Anna", now=now)
    Placement.objects.update(state=PlacementState.DROPPED)

    later = timedelta(days=400)
    for _ in range(2):
        late_promises.tell_late_promises(now=now + later)
    send(later=later)

    owed = [json.loads(one.body) for one in receiver.requests]
    assert {one["organisation"] for one in owed} == {"iso", "iec"}
    assert [one["data"]["state"] for one in owed] == ["broken"] * len(owed)
    assert len(owed) == 2


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://93.184.215.14/in", "https://"),
        ("https://127.0.0.1/in", "not a public address"),
        ("https://169.254.169.254/latest", "not a public address"),
        ("https://ana:word@93.184.215.14/in", "password"),
        ("https://[::1", "address where"),
        ("", "address where"),
    ],
)
def test_a_hook_leads_to_a_public_address_alone(url, sentence):
    """Over https; nothing of ours is called in somebody's name."""
    rows()
    with pytest.raises(Refused, match=sentence):
        hooks.add("iso", name="P", url=url, events=EVERYTHING, doer=TERMINAL, now=clock.now())


def test_the_log_is_kept_for_a_month(receiver):
    """What still waits is kept until it is told or given up."""
    rows()
    hook(receiver)
    happen()
    later = clock.now() + KEPT + timedelta(minutes=1)
    assert forget_old(now=later) == 0
    send()
    assert forget_old(now=later) > 0
    assert not HookAttempt.objects.exists()


def test_the_receiver_of_the_documentation_takes_what_we_send(tmp_path):
    """It is run as it stands there: it prints an event once, however often it is sent."""
    page = (ROOT / "docs" / "howto" / "webhooks.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    program = tmp_path / "receiver.py"
    program.write_text(code.replace("server.serve_forever()", RUN_FOR_TWO))
    rows()
    made, secret = hooks.add(
        "iso",
        name="Sample",
        url="http://127.0.0.1:9/",
        events=EVERYTHING,
        private=True,
        doer=TERMINAL,
        now=clock.now(),
    )
    running = subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "HOOK_SECRET": secret, "PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    port = running.stdout.readline().strip()
    Hook.objects.filter(pk=made.pk).update(url=f"http://127.0.0.1:{port}/")
    hooks.test(made, doer=TERMINAL, now=clock.now())
    send()
    hooks.tell_again(HookCall.objects.select_related("hook").get(), doer=TERMINAL, now=clock.now())
    send()

    said, _ = running.communicate(timeout=20)
    assert said.count("hook.test") == 1
    assert [one.status for one in HookAttempt.objects.all()] == [204, 204]
