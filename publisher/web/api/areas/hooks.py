"""Hooks: other programs that are told what happens, and how telling them went."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows import hooks as flow
from publisher.flows.rights import organisations
from publisher.kit import clock
from publisher.models import Act, CallState, EventName, Hook, HookCall
from publisher.web.api.door import Area, doer, need
from publisher.web.api.shapes import Active, Page, Paged, Sent, Shown, Slug, Values, number, page
from publisher.web.desk.door import person
from publisher.web.desk.hooks.views import found, owners

area = Area("Hooks", "Programs that are told what happens, and how telling them went.")
_ONE = "/hooks/{int:hook}"


class HookShown(Shown):
    """A program that is told what happens; its secret is told nowhere."""

    number: int
    organisation: str
    name: str
    url: str
    events: list[EventName]
    private: bool = Field(description="An operator let it into the operator’s own network.")
    made_at: datetime
    failing_since: datetime | None = Field(description="Nothing got through since then.")
    off_at: datetime | None = Field(description="Null: it is told.")
    off_why: str = Field(description="`gone` or `failing`; empty: a person switched it off.")


class HookChanged(Sent):
    """What it is called, and all that it is told from now on."""

    name: str = Field(min_length=1, max_length=100)
    events: list[EventName] = Field(min_length=1, max_length=len(EventName))


class HookSent(HookChanged):
    """A program to be told, at a public address."""

    organisation: Slug = Field(description="Whose matters it is told.")
    url: str = Field(max_length=500, description="Where it listens, beginning with `https://`.")


class HookSecret(Shown):
    """What our signature is checked with, shown this once."""

    secret: str = Field(description="As `whsec_…`, for the libraries of Standard Webhooks.")


class HookMade(HookSecret):
    """A new hook, with its secret."""

    hook: HookShown


class AttemptShown(Shown):
    """One time that it was tried."""

    at: datetime
    status: int | None = Field(description="Of the answer; null: there was none.")
    seconds: float
    problem: str = Field(description="Why there was none.")


class EventShown(Shown):
    """One event, as the hook is told it."""

    id: str = Field(description="The `webhook-id`, by which a repeat is known.")
    event: str = Field(description="One of the hook’s events, or `hook.test`.")
    data: Values
    at: datetime
    state: CallState
    due_at: datetime | None = Field(description="When it is tried next.")
    attempts: list[AttemptShown] = Field(description="The newest first.")


@area.get("/hooks", Act.ADMINISTER, gives=list[HookShown])
def hooks(request: HttpRequest) -> list[dict[str, object]]:
    """Give the hooks of the organisations that the token administers."""
    return [_told(row) for row in flow.hooks(organisations(person(request), Act.ADMINISTER))]


@area.post("/hooks", Act.ADMINISTER, gives=HookMade, status=201)
def add_hook(request: HttpRequest, said: HookSent) -> dict[str, object]:
    """Have a program told from now on; it stays when the token ends."""
    need(request, Act.ADMINISTER, frozenset({said.organisation}))
    made, secret = flow.add(**said.model_dump(), doer=doer(request), now=clock.now())
    return {"hook": _told(made), "secret": secret}


@area.get(_ONE, Act.ADMINISTER, owners, gives=HookShown)
def read_hook(request: HttpRequest, hook: int) -> dict[str, object]:
    """Give one hook."""
    del request
    return _told(found(hook))


@area.put(_ONE, Act.ADMINISTER, owners, gives=HookShown)
def change_hook(request: HttpRequest, hook: int, said: HookChanged) -> dict[str, object]:
    """Give a hook another name, or have it told other events."""
    flow.change(found(hook), **said.model_dump(), doer=doer(request), now=clock.now())
    return _told(found(hook))


@area.delete(_ONE, Act.ADMINISTER, owners, status=204)
def remove_hook(request: HttpRequest, hook: int) -> None:
    """Forget a hook, its secret and its log."""
    flow.remove(found(hook), doer=doer(request), now=clock.now())


@area.put(f"{_ONE}/active", Act.ADMINISTER, owners, gives=HookShown)
def switch_hook(request: HttpRequest, hook: int, said: Active) -> dict[str, object]:
    """Tell a hook nothing more, or again what happens from now on."""
    switch = flow.switch_on if said.active else flow.switch_off
    switch(found(hook), doer=doer(request), now=clock.now())
    return _told(found(hook))


@area.post(f"{_ONE}/secret", Act.ADMINISTER, owners, gives=HookSecret)
def rotate_hook(request: HttpRequest, hook: int) -> dict[str, str]:
    """Give a hook a new secret; for a day the one before signs, too."""
    return {"secret": flow.rotate(found(hook), doer=doer(request), now=clock.now())}


@area.post(f"{_ONE}/test", Act.ADMINISTER, owners, gives=EventShown, status=201)
def test_hook(request: HttpRequest, hook: int) -> dict[str, object]:
    """Have a test event sent; among the events stands how it went."""
    return flow.call_as_told(flow.test(found(hook), doer=doer(request), now=clock.now()))


@area.get(f"{_ONE}/events", Act.ADMINISTER, owners, gives=Page[EventShown])
def hook_events(
    request: HttpRequest, response: HttpResponse, hook: int, asked: Query[Paged]
) -> dict[str, object]:
    """Give what a hook was told within 30 days, and is to be told, the newest first."""
    rows, more = flow.log_page(found(hook), before=number(asked), most=asked.limit)
    after = str(rows[-1].pk) if more else ""
    return page(request, response, [flow.call_as_told(row) for row in rows], after)


@area.post(f"{_ONE}/events/{{slug:event}}/again", Act.ADMINISTER, owners, gives=EventShown)
def tell_hook_again(request: HttpRequest, hook: int, event: str) -> dict[str, object]:
    """Have an event sent once more, under the same id."""
    flow.tell_again(_call(hook, event), doer=doer(request), now=clock.now())
    return flow.call_as_told(_call(hook, event))


def _call(hook: int, identifier: str) -> HookCall:
    row = flow.call_named(identifier)
    if row is None or row.hook_id != hook:
        raise Http404
    return row


def _told(row: Hook) -> dict[str, object]:
    return {"number": row.pk, **flow.as_told(row)}
