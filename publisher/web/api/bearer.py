"""Who asks: the person that a token acts for. Nobody comes in by a session's cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from publisher.flows.tokens import person_of
from publisher.kit import clock
from publisher.models import Person
from publisher.web.api.problems import Denied
from publisher.web.limits import Limit

TIMES, SECONDS = 600, 60
#: of one token: programs are quick, and one that runs wild must not hold the others up
LIMIT = Limit(times=TIMES, seconds=SECONDS)


def bearer(request: HttpRequest) -> Person:
    """Give who asks, narrowed to what its token lets.

    Raises:
        Denied: there is no token, or it opens nothing; or it asks too often.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    who = person_of(secret.strip(), now=clock.now()) if scheme.lower() == "bearer" else None
    if who is None or who.acts_through is None:
        raise Denied("unknown")
    if not LIMIT.allows(who.acts_through.prefix):
        seconds = str(LIMIT.wait(who.acts_through.prefix))
        raise Denied("too-many", headers={"Retry-After": seconds, **_limits(who)})
    return who


def limited(answer: HttpResponse, who: Person) -> HttpResponse:
    """Say in an answer how much more may be asked (draft-ietf-httpapi-ratelimit-headers)."""
    for name, value in _limits(who).items():
        answer[name] = value
    return answer


def _limits(who: Person) -> dict[str, str]:
    token = who.acts_through.prefix if who.acts_through else ""
    left = f'"token";r={LIMIT.left(token)};t={LIMIT.wait(token)}'
    return {"RateLimit-Policy": f'"token";q={TIMES};w={SECONDS}', "RateLimit": left}
