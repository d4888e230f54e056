"""What keeps forms open to people and shut to programs, with nobody's help but our own.

A field that people do not see and programs fill in; a signed time, so that a form must have been
loaded from us, not a moment ago and not last week; and counts that all processes share.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse

from publisher.flows.tallies import Most
from publisher.kit.signing import numbered_token, read_numbered_token
from publisher.web.limits import visitor as address_of
from publisher.web.page import page

TRAP = "homepage2"  #: no person has a reason to fill it in
SOONEST = timedelta(seconds=3)  #: nobody fills in such a form faster
LATEST = timedelta(hours=24)
PER_VISITOR = Most(what="visitor", times=20, stretch=timedelta(hours=1))
SEARCHES = Most(what="search", times=60, stretch=timedelta(minutes=1))
#: pages with a form that searches as one types: our own script, and nobody else's
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def stamp(form: str, now: datetime) -> str:
    """Make what a form carries: when it was shown."""
    return numbered_token(f"form-{form}", int(now.timestamp()))


def in_time(form: str, given: str, now: datetime) -> bool:
    """Whether a form was shown by us, and neither a moment nor a day ago."""
    try:
        shown = datetime.fromtimestamp(read_numbered_token(f"form-{form}", given), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return SOONEST <= now - shown <= LATEST


def trapped(request: HttpRequest) -> bool:
    """Whether a program filled in what people do not see."""
    return bool(request.POST.get(TRAP))


def visitor(request: HttpRequest) -> str:
    """Name who asks, for counting."""
    return address_of(str(request.META.get("REMOTE_ADDR", "")))


def may_search(request: HttpRequest, now: datetime) -> bool:
    """Count one more search by this visitor; False: it is one too many."""
    return SEARCHES.allows(visitor(request), now=now)


def form_page(
    request: HttpRequest, screen: str, *, status: int = 200, **values: object
) -> HttpResponse:
    """Show a page whose form may search as one types."""
    answer = page(request, screen, status=status, seconds=0, trap=TRAP, **values)
    answer["Content-Security-Policy"] = POLICY
    return answer
