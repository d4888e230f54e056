"""The three ways a calendar file says when: at a wall time, on launch, or before an event."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from publisher.models.specs.shared import Clock, Slug, Spec

_DURATION = re.compile(r"(\d{1,4})\s*(minute|hour|day|week)s?\Z")
_LAUNCH = re.compile(r"launch(?:\s*\+\s*(\d{1,4}\s*\w+))?(?:\s+at\s+(\d{1,2}:\d{2}))?\Z")
_SAY = "write 2027-03-12 09:00, launch + 2 days at 09:00, or event: and before:"
_WALL = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(?::00)?\Z")


def duration(text: str) -> timedelta:
    """Read “90 minutes”, “2 hours”, “14 days” or “3 weeks”; else ValueError."""
    match = _DURATION.match(text.strip())
    if not match:
        raise ValueError(f"“{text}” is not a duration such as 90 minutes, 2 hours or 14 days")
    return timedelta(**{match[2] + "s": int(match[1])})


def _checked(text: str) -> str:
    duration(text)
    return text


Duration = Annotated[str, AfterValidator(_checked)]


class AtWallTime(Spec):
    """A wall time; its zone is the entry's."""

    kind: Literal["wall"] = "wall"
    at: datetime  #: naive, in the entry's zone

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class OnLaunch(Spec):
    """At the moment the plan is launched, or some time after it.

    With `at`, on that day at that wall time in the entry's zone.
    """

    kind: Literal["launch"] = "launch"
    after: Duration = "0 minutes"
    at: Clock | None = None

    def __str__(self) -> str:
        later = "" if not duration(self.after) else f" + {self.after}"
        return f"launch{later}" + (f" at {self.at:%H:%M}" if self.at else "")


class BeforeEvent(Spec):
    """Some time before an event of an `.ics` file or an occasion, or after its end; it moves along.

    An occasion is named by the slug of the entry that holds it.
    """

    kind: Literal["event"] = "event"
    event: Slug
    before: Duration = "0 minutes"
    after: Duration | None = None  #: after its end; then `before` is not said
    at: Clock | None = None  #: the wall time on that day; else the event's own

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if self.after is not None and duration(self.before):
            raise ValueError("say before or after, not both")
        return self

    def __str__(self) -> str:
        if self.after is not None:
            return f"{self.after} after {self.event}"
        return f"{self.before} before {self.event}"


def when(value: object) -> object:
    """Turn what a file says into one of the three; a dict passes through to pydantic."""
    if isinstance(value, Spec):
        return value
    if isinstance(value, datetime):
        return {"kind": "wall", "at": value.replace(second=0, microsecond=0, tzinfo=None)}
    if isinstance(value, dict) and "kind" not in value and "event" in value:
        return {"kind": "event", **value}
    if not isinstance(value, str):
        if isinstance(value, dict) and "kind" in value:
            return value
        raise ValueError(f"this is not a time; {_SAY}")
    if launch := _LAUNCH.match(value.strip()):
        return {"kind": "launch", "after": launch[1] or "0 minutes", "at": launch[2]}
    if wall := _WALL.match(value.strip()):
        return {"kind": "wall", "at": f"{wall[1]}T{wall[2]:0>5}:00"}
    raise ValueError(f"“{value}” is not a time; {_SAY}")


When = Annotated[
    Annotated[AtWallTime | OnLaunch | BeforeEvent, Field(discriminator="kind")],
    BeforeValidator(when),
]
