"""A test mail to whoever asked for it, through the outlet's own adapter; no figure counts it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import transaction
from email_validator import EmailNotValidError, validate_email

from publisher.adapters.mail.message import message
from publisher.adapters.registry import adapter
from publisher.flows import defer, dkim
from publisher.flows.audit import Doer, note
from publisher.flows.frozen import with_files
from publisher.flows.preview import sample_values
from publisher.flows.rights import may
from publisher.flows.spam import judged
from publisher.flows.unsaved import Unsaved, look
from publisher.kit import clock
from publisher.kit.ids import placement_key
from publisher.kit.vault import Vault
from publisher.models import Act, Outlet, Person, Trial
from publisher.models.adapter import Consignment, Outcome, Parcel, Verdict
from publisher.models.content import Content
from publisher.models.errors import DeliveryError, PlanError, Refused
from publisher.render.rendition import attachments, forms
from publisher.schedule.matrix import Place
from publisher.settings import settings

AN_HOUR, A_DAY = 12, 40  #: at most, for each person
MARK = "[Test]"


def try_out(
    words: Unsaved, place: Place, *, doer: Doer, now: datetime, sends: bool = True
) -> Trial:
    """Have one cell's words, as they are typed, sent to the address of who asks.

    Args:
        words: as they are typed.
        place: which cell.
        doer: who asks, and gets it.
        now: aware.
        sends: false: it is only shown to the spam filter.

    Raises:
        Refused: it has no address, asked too often, or the cell is no mail.
        PlanError: the words cannot be rendered.
    """
    person = doer.person
    assert person is not None, "the desk's door lets nobody else in"
    if sends:
        _refuse_anothers_outlet(person, place.outlet)
        _refuse_no_address(person)
    _refuse_too_many(person, now)
    seen = look(words, place, now=now, whole=True)
    if seen is None or forms()[seen.cell.form].addressed_to != "readers":
        raise Refused(
            "Only what goes to readers can be tested by mail; the preview shows the rest."
        )
    if seen.content is None or (seen.problems and not seen.parts):
        raise PlanError(seen.problems)
    values = {**sample_values(seen.cell), "reader.name": person.called}
    if person.email:
        values["reader.address"] = person.email
    with transaction.atomic():
        row = Trial.objects.create(
            person=person,
            entry=words.entry.slug,
            outlet=place.outlet,
            audience=place.audience,
            content={"content": _whole(seen.content, values).to_json(), "values": values},
            asked_at=now,
            sends=sends,
        )
        note(doer, "entry.test", f"entry/{words.entry.slug}", now=now, outlet=place.outlet)
        defer.send_trial(row.pk)
    return row


async def send_trial(trial: int) -> None:
    """Send it, once; what became of it stands in its row."""
    found = await sync_to_async(_taken)(trial)
    if found is None:
        return
    row, goods, parcel = found
    problem = ""
    if isinstance(goods, str):
        problem = goods
    elif parcel is not None:
        row.verdict = await sync_to_async(_verdict)(goods, parcel)
        problem = await _handed_over(goods, parcel) if row.sends else ""
    await sync_to_async(_settle)(row, problem)


def recent(person: Person, entry: str) -> list[Trial]:
    """Give somebody's last tests of an entry."""
    return list(Trial.objects.filter(person=person, entry=entry).defer("content")[:5])


def _refuse_anothers_outlet(person: Person, outlet: str) -> None:
    """Refuse to send anybody's words with another organisation's account, and in its name."""
    whose = Outlet.objects.select_related("organisation").get(slug=outlet).organisation
    if not may(person, Act.EDIT, frozenset({whose.slug})):
        raise Refused(
            f"A test goes out as {whose.said.short} sends its mails: ask somebody who edits "
            "for it. The preview shows the same words."
        )


def _refuse_no_address(person: Person) -> None:
    try:
        validate_email(person.email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refused(
            "You have no e-mail address here yet, and a test goes to nobody else’s. "
            "Whoever administers people can add it."
        ) from error


def _refuse_too_many(person: Person, now: datetime) -> None:
    rows = Trial.objects.filter(person=person)
    for most, since in ((AN_HOUR, timedelta(hours=1)), (A_DAY, timedelta(days=1))):
        if rows.filter(asked_at__gt=now - since).count() >= most:
            raise Refused(f"You asked for {most} tests a short while ago; wait a little.")


def _whole(content: Content, values: Mapping[str, str]) -> Content:
    """Fill every hole, so that nothing of a reader is needed any more, and mark the subject."""
    from publisher.render.rendition import fill

    parts = dict(fill(content, values))
    parts["subject"] = f"{MARK} {parts.get('subject', '')}".strip()
    return replace(content, parts=parts, program={})


def _taken(trial: int) -> tuple[Trial, Consignment | str, Parcel | None] | None:
    """Take a row in hand; the content is emptied at once, so that no test goes twice."""
    with transaction.atomic():
        rows = Trial.objects.select_for_update(of=("self",)).select_related("person")
        row = rows.filter(pk=trial, settled_at=None).exclude(content={}).first()
        if row is None:
            return None
        kept, row.content = row.content, {}
        row.save(update_fields=["content"])
    content, values = Content.from_json(kept["content"]), kept["values"]
    try:
        return row, _consignment(row, content, values), _parcel(row, values)
    except (DeliveryError, PlanError, Refused) as error:
        return row, str(error), None


def _consignment(row: Trial, content: Content, values: Mapping[str, str]) -> Consignment:
    outlet = Outlet.objects.select_related("organisation", "channel").filter(slug=row.outlet).get()
    said, organisation = outlet.said, outlet.organisation.said
    [content] = with_files([content])
    return Consignment(
        key=_key(row, content.language),
        outlet=said,
        organisation=organisation,
        sender=said.sender or organisation.sender,
        audience=row.audience,
        messages=(),
        channel=outlet.channel.slug,
        entry=row.entry,
        content=content,
        values=dict(values),
        published_at=row.asked_at,
        credential={
            **((Vault.of(settings()).get(said.account) if said.account else None) or {}),
            **dkim.keys(said),
        },
        attachments=attachments(content, values),
        pictures=content.files,
        data=settings().data_folder,
        site_url=settings().site_url,
        fill=lambda _values: content.parts,
    )


def _key(row: Trial, language: str) -> str:
    return placement_key(
        entry=f"test-{row.pk}",
        occurrence=row.asked_at.isoformat(),
        audience=row.audience,
        outlet=row.outlet,
        language=language,
    )


def _parcel(row: Trial, values: Mapping[str, str]) -> Parcel:
    address = row.person.email if row.sends else values["reader.address"]
    links = {name: value for name, value in values.items() if name.endswith("_url")}
    told = {**links, "reader.name": row.person.called, "reader.address": address}
    return Parcel(
        delivery=0, key=f"test-{row.pk}", address=address, name=row.person.called, values=told
    )


def _verdict(goods: Consignment, parcel: Parcel) -> dict[str, object]:
    try:
        found = judged(message(goods, parcel))
    except DeliveryError:
        return {}  # what is wrong with it is said when it is handed over
    return asdict(found) if found else {}


async def _handed_over(goods: Consignment, parcel: Parcel) -> str:
    """Hand it to the adapter that carries the outlet's mails; give what went wrong, if it did."""
    outcomes: list[Outcome] = []
    try:
        await adapter(goods.outlet.carrier).hand_over(goods, _window(parcel), outcomes.append)
    except DeliveryError as error:
        return str(error)
    if any(outcome.verdict is Verdict.ACCEPTED for outcome in outcomes):
        return ""
    return next((outcome.answer for outcome in outcomes if outcome.answer), "It was not taken.")


def _settle(row: Trial, problem: str) -> None:
    row.settled_at, row.problem = clock.now(), problem
    row.save(update_fields=["settled_at", "problem", "verdict"])


async def _window(parcel: Parcel) -> AsyncIterator[Sequence[Parcel]]:
    yield [parcel]
