"""Who a token acts for, and what it may."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from pydantic import Field

from publisher.flows import tokens
from publisher.flows.own_account import introduce
from publisher.flows.rights import acts, is_operator
from publisher.kit import clock
from publisher.models import Act, Person
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Sent, Shown
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


class Introduced(Sent):
    """What a person says of itself."""

    full_name: str = Field(max_length=200)
    language: str = Field("", max_length=12, description="Of the desk; empty: the browser’s.")
    time_zone: str = Field("", max_length=60, description="Empty: the organisation’s.")


@area.get("/me", None, gives=Me)
def who_asks(request: HttpRequest) -> dict[str, object]:
    """Say who the token acts for, and what it may do now."""
    return _told(person(request))


@area.put("/me", None, gives=Me)
def introduce_oneself(request: HttpRequest, said: Introduced) -> dict[str, object]:
    """Keep the person’s name, language and time zone."""
    who = person(request)
    introduce(who, **said.model_dump(), doer=doer(request), now=clock.now())
    return _told(who)


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
