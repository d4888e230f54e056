"""Who is to hear what through what, and what became of it."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows.who_hears import chosen, hear, placements_of, the_matrix, the_squares
from publisher.kit import clock
from publisher.models import Act, Audience
from publisher.schedule.heard import Heard, Square
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Sent, Shown, Slug, Texts, marked, seen
from publisher.web.desk.matrix.square import audience_owners

area = Area("Matrix", "Audiences by key messages: what is promised, planned, said and heard.")
_WORDS = {heard: heard.name.lower() for heard in Heard}


class MatrixAsked(Sent):
    """What narrows the matrix."""

    organisation: Slug = Field("", description="Only what goes through its outlets.")
    kind: Literal["", "primary", "secondary"] = ""
    holes: bool = Field(default=False, description="Only what was promised and nothing says.")


class ThroughShown(Shown):
    """A channel of a square."""

    channel: str
    outlets: list[str]
    heard: str = Field(description=", ".join(_WORDS.values()))


class SquareShown(Shown):
    """What one audience is to hear of one message."""

    audience: str
    message: str
    inherited_from: str = Field(description="The wider audience whose row it is; empty: its own.")
    heard: str
    hole: bool
    through: list[ThroughShown]


class StandingShown(Shown):
    """An outlet of a square, and what its organisation chose."""

    organisation: str
    outlet: str
    channel: str
    use: bool | None = Field(description="Null: it has not chosen.")
    reason: Texts


class OneSquareShown(Shown):
    """One square, with who chose what and what says it."""

    audience: str
    message: str
    own: list[str] = Field(description="Channels that the audience’s own row names.")
    square: SquareShown | None = Field(description="Null: nothing is promised.")
    chosen: list[StandingShown]
    placements: list[str] = Field(description="Keys of what says it, the next first.")


class Hearing(Sent):
    """Through what the audience is to hear the message."""

    channels: list[Slug] = Field(max_length=100, description="None: not at all.")


@area.get("/matrix", gives=list[SquareShown])
def matrix(request: HttpRequest, asked: Query[MatrixAsked]) -> list[dict[str, object]]:
    """Give every square in which something is promised."""
    del request
    audiences = the_matrix().plan.audiences
    return [
        _square(one)
        for one in the_squares(organisation=asked.organisation)
        if (not asked.kind or audiences[one.audience].kind == asked.kind)
        and (one.hole or not asked.holes)
    ]


@area.get("/matrix/{slug:audience}/{slug:message}", gives=OneSquareShown)
def read_square(
    request: HttpRequest, response: HttpResponse, audience: str, message: str
) -> dict[str, object]:
    """Give one square; its `ETag` is that of the audience."""
    del request
    row = Audience.objects.filter(slug=audience, retired_at=None).first()
    if row is None or message not in the_matrix().plan.messages:
        raise Http404
    said = row.said
    found = next(
        (one for one in the_squares() if (one.audience, one.message) == (audience, message)), None
    )
    marked(response, row)
    return {
        "audience": audience,
        "message": message,
        "own": next((one.through for one in said.hears if one.message == message), []),
        "square": _square(found) if found else None,
        "chosen": chosen(said, [one.channel for one in found.through] if found else []),
        "placements": [one.key for one in placements_of(said, message)],
    }


@area.put("/matrix/{slug:audience}/{slug:message}", Act.EDIT, audience_owners,
          gives=OneSquareShown, needs_mark=True)  # fmt: skip
def write_square(
    request: HttpRequest, response: HttpResponse, audience: str, message: str, said: Hearing
) -> dict[str, object]:
    """Say through what an audience is to hear a message."""
    if message not in the_matrix().plan.messages:
        raise Http404
    mark = seen(request, Audience.objects.get(slug=audience))
    hear(audience, message, said.channels, seen=mark, doer=doer(request), now=clock.now())
    return read_square(request, response, audience, message)


def _square(one: Square) -> dict[str, object]:
    return {
        "audience": one.audience,
        "message": one.message,
        "inherited_from": one.inherited_from,
        "heard": _WORDS[one.heard],
        "hole": one.hole,
        "through": [
            {"channel": each.channel, "outlets": each.outlets, "heard": _WORDS[each.heard]}
            for each in one.through
        ],
    }
