"""Webinars and workshops: a list, a page each, registering, and each reader's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from publisher.flows import registrations as flow
from publisher.flows.occasions import Held, announced, find, free, is_announced, of_placement
from publisher.flows.registrations import Wish
from publisher.kit import clock
from publisher.kit.address import plain_address
from publisher.kit.signing import address_hash, read_reader_token, read_request_token, reader_token
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Reader, Registration, Seat
from publisher.models.errors import Refused
from publisher.models.specs import in_language
from publisher.schedule.occasions import Sitting
from publisher.settings import settings
from publisher.web.language import Tongue, tongue
from publisher.web.limits import visitor
from publisher.web.page import notice, page
from publisher.web.public.subscribe import PER_ADDRESS, PER_VISITOR

JOIN_OPENS = timedelta(hours=1)  #: before it begins
MOST_DATES = 12  #: of a series that a page shows
_LINK = frozenset({"url", "expires"})  #: what the account of a link may hold
#: what a page says of a registration
SAID: Mapping[str, str] = {
    Seat.REGISTERED: "events.seat_registered",
    Seat.WAITING: "events.seat_waiting",
    Seat.CANCELLED: "events.seat_cancelled",
    Seat.ATTENDED: "events.seat_attended",
    Seat.ABSENT: "events.seat_absent",
}


@require_safe
def occasions(request: HttpRequest) -> HttpResponse:
    """Those of which anybody may know, the next one first."""
    spoken, now = tongue(request), clock.now()
    shown = [_shown(held, spoken, now) for held in announced(now=now)]
    return page(request, "occasions", shown=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def occasion(request: HttpRequest, slug: str) -> HttpResponse:
    """One, with a form; what it is answered with is the same whatever the address."""
    spoken, now = tongue(request), clock.now()
    held = _public(slug, now)
    if request.method != "POST":
        return _page(request, held, spoken, now)
    date = _chosen(request, held, now)
    try:
        address = plain_address(request.POST.get("address", ""))
    except ValueError:
        error = spoken.say("subscribe.address_wrong")
        return _page(request, held, spoken, now, error=error, status=422)
    if date is None:
        return notice(request, "events_closed", status=409)
    if not PER_VISITOR.allows(visitor(request.META.get("REMOTE_ADDR", ""))):
        return notice(request, "too_often", status=429)
    if PER_ADDRESS.allows(address_hash(address)):
        flow.ask(_wish(held, date, spoken), address, spoken.tag, now=now)
    return notice(request, "asked")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button; only pressing it confirms, for programs that scan mail open every link."""
    try:
        reader, asked_at = read_request_token(token)
    except ValueError:
        return notice(request, "bad_link", status=404)
    found = flow.asked(reader, asked_at).first()
    if found is None:
        return notice(request, "events_late", status=410)
    if request.method != "POST" and found.state == Seat.ASKED:
        return page(request, "occasion_confirm", seconds=0, wording=found.wording)
    if request.method == "POST":
        try:
            done = flow.confirm(reader, asked_at, now=clock.now())
        except Refused:
            return notice(request, "events_closed", status=410)
        if done is None:
            return notice(request, "events_late", status=410)
    return _to_seat(request, found.entry.slug, reader)


@require_safe
def seat_of_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Lead from a mail's link to the reader's own page of what the mail was about."""
    try:
        reader, placement = read_reader_token(token)
    except ValueError:
        return notice(request, "bad_link", status=404)
    slug = of_placement(placement)
    return _to_seat(request, slug, reader) if slug else notice(request, "bad_link", status=404)


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What a reader has, with a button to register or to give a seat back."""
    spoken, now = tongue(request), clock.now()
    reader, held = _owner(token), _known(slug, now)
    if reader is None or held is None:
        return notice(request, "bad_link", status=404)
    if request.method == "POST":
        return _changed(request, reader, held, spoken, now)
    rows = {row.sitting: row for row in flow.of_reader(reader.pk, held)}
    dates = [_own_date(date, rows.get(date.key), held, now) for date in _near(held, rows, now)]
    return page(
        request,
        "seat",
        seconds=0,
        event=_shown(held, spoken, now),
        dates=dates,
        token=token,
        wording=_wording(held, spoken),
    )


@require_safe
def join(request: HttpRequest, slug: str, token: str, sitting: str) -> HttpResponse:
    """Lead who has a seat to where it is held, shortly before it begins."""
    now = clock.now()
    reader, held = _owner(token), _known(slug, now)
    date = held.date(sitting) if held else None
    if reader is None or held is None or date is None:
        return notice(request, "bad_link", status=404)
    rows = {row.sitting: row.state for row in flow.of_reader(reader.pk, held)}
    if rows.get(sitting) != Seat.REGISTERED:
        return notice(request, "events_no_seat", status=403)
    if held.occasion.cancelled or not _may_join(date, now):
        return notice(request, "events_not_now", status=403)
    address = _secret(held)
    if not address:
        return notice(request, "events_no_link", status=503)
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _changed(
    request: HttpRequest, reader: Reader, held: Held, spoken: Tongue, now: datetime
) -> HttpResponse:
    """Do what was pressed; a repeat changes nothing."""
    key = request.POST.get("date", "")
    if request.POST.get("what") == "cancel":
        flow.cancel(reader.pk, held, key, now=now)
        return _to_seat(request, held.said.slug, reader.pk)
    date = _chosen(request, held, now)
    try:
        if date is None:
            raise Refused("Registration has ended.")
        flow.take(reader, _wish(held, date, spoken), now=now)
    except Refused:
        return notice(request, "events_closed", status=409)
    return _to_seat(request, held.said.slug, reader.pk)


def _page(
    request: HttpRequest,
    held: Held,
    spoken: Tongue,
    now: datetime,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        "occasion",
        status=status,
        seconds=0,
        event=_shown(held, spoken, now),
        wording=_wording(held, spoken),
        error=error,
        address=request.POST.get("address", "") if request.method == "POST" else "",
        chosen=request.POST.get("date", ""),
    )


def _shown(held: Held, spoken: Tongue, now: datetime) -> dict[str, object]:
    dates = held.ahead(now)[:MOST_DATES]
    return {
        "slug": held.said.slug,
        "title": in_language(held.said.title, spoken.tag),
        "summary": in_language(held.said.summary, spoken.tag),
        "place": in_language(held.occasion.place, spoken.tag),
        "zone": held.zone.rpartition("/")[2].replace("_", " "),
        "cancelled": held.occasion.cancelled,
        "capacity": held.occasion.capacity,
        "dates": [_date(date, held, now) for date in dates],
        "open": any(held.is_open(date, now) for date in dates),
    }


def _date(date: Sitting, held: Held, now: datetime) -> dict[str, object]:
    there = ZoneInfo(held.zone)
    return {
        "key": date.key,
        "starts": date.starts,
        "local": date.starts.astimezone(there),
        "until": date.ends.astimezone(there),
        "free": free(held, date),
        "open": held.is_open(date, now),
    }


def _own_date(
    date: Sitting, row: Registration | None, held: Held, now: datetime
) -> dict[str, object]:
    state = row.state if row else ""
    live = state in {Seat.REGISTERED, Seat.WAITING} and date.ends > now
    return {
        **_date(date, held, now),
        "said": SAID.get(state, "events.seat_none"),
        "may_cancel": live,
        "may_take": not live and held.is_open(date, now),
        "has_link": state == Seat.REGISTERED and bool(held.occasion.join),
        "may_join": _may_join(date, now) and not held.occasion.cancelled,
    }


def _near(held: Held, rows: Mapping[str, Registration], now: datetime) -> Sequence[Sitting]:
    """Give the dates to come, and those past that the reader had a seat at."""
    past = [date for date in held.dates if date.ends <= now and date.key in rows]
    return [*past[-3:], *held.ahead(now)[:MOST_DATES]]


def _may_join(date: Sitting, now: datetime) -> bool:
    return date.starts - JOIN_OPENS <= now < date.ends


def _chosen(request: HttpRequest, held: Held, now: datetime) -> Sitting | None:
    """Give the date chosen if it is open; where nothing is said, the only one or the next."""
    dates = [date for date in held.ahead(now) if held.is_open(date, now)]
    key = request.POST.get("date", "")
    return next((date for date in dates if key in {"", date.key}), None)


def _wish(held: Held, date: Sitting, spoken: Tongue) -> Wish:
    return Wish(
        held=held,
        date=date,
        wording=_wording(held, spoken),
        source=f"{settings().site_url}/events/{held.said.slug}/",
    )


def _wording(held: Held, spoken: Tongue) -> str:
    return spoken.say("events.wording", title=in_language(held.said.title, spoken.tag))


def _public(slug: str, now: datetime) -> Held:
    held = _known(slug, now)
    if held is None or not is_announced(held):
        raise Http404
    return held


def _known(slug: str, now: datetime) -> Held | None:
    try:
        return find(slug, now=now)
    except Refused:
        return None


def _owner(token: str) -> Reader | None:
    try:
        reader, _ = read_reader_token(token)
    except ValueError:
        return None
    return Reader.objects.filter(pk=reader).first()


def _to_seat(request: HttpRequest, slug: str, reader: int) -> HttpResponse:
    address = f"/events/{slug}/seat/{reader_token(reader, '')}"
    answer = HttpResponseRedirect(tongue(request).to(address))
    answer["Cache-Control"] = "no-store"
    return answer


def _secret(held: Held) -> str:
    """Give the address to join, from the vault; empty: there is none that can be followed."""
    try:
        kept = Vault.of(settings()).get(held.occasion.join or "") if held.occasion.join else None
    except VaultFailed:
        return ""
    if not kept or set(kept) - _LINK:  # what else it holds belongs to a service
        return ""
    address = kept.get("url", "")
    return address if urlsplit(address).scheme in {"http", "https"} else ""
