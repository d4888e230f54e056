"""Who a token acts for, and what it may."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from pydantic import Field

from publisher.flows import tokens
from publisher.flows.rights import acts, is_operator
from publisher.kit import clock
from publisher.models import Act, Person
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Shown
from publisher.web.desk.door import person

area = Area("Token", "Who a token acts for, what it may, and its end.")


class TokenShown(Shown):
    """The token that was sent; what opens the door is told nowhere."""

    name: str
    prefix: str
    ends_at: datetime
    used_at: datetime | None


class Me(Shown):
    """Who asks."""

    username: str
    full_name: str
    language: str
    time_zone: str
    operator: bool = Field(description="May do everything for every organisation.")
    acts: dict[str, list[Act]] = Field(description="What it may do, by organisation.")
    token: TokenShown


@area.get("/me", None, gives=Me)
def who_asks(request: HttpRequest) -> dict[str, object]:
    """Say who the token acts for, and what it may do now."""
    return _told(person(request))


@area.delete("/me/token", None, status=204)
def revoke_this_token(request: HttpRequest) -> None:
    """Take back the token that is sent: it opens nothing from now on."""
    token = person(request).acts_through
    assert token is not None
    tokens.revoke(token, doer=doer(request), now=clock.now())


def _told(who: Person) -> dict[str, object]:
    return {
        "username": who.username,
        "full_name": who.full_name,
        "language": who.language,
        "time_zone": who.time_zone,
        "operator": is_operator(who),
        "acts": {slug: sorted(able) for slug, able in acts(who).items()},
        "token": who.acts_through,
    }
