"""A webinar or workshop that an entry invites to."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from publisher.kit.recurrence import checked_rule
from publisher.models.specs.shared import Localised, Slug, Spec, Zone
from publisher.models.specs.when import Duration, duration


def _rule(text: str) -> str:
    checked_rule(text)
    return text


def _some_time(text: str) -> str:
    if not duration(text):
        raise ValueError("it ends when it starts; say how long it lasts, such as 90 minutes")
    return text


class OccasionSpec(Spec):
    """`occasion:` of an entry; what people come to, as against the mails about it."""

    #: naive, in `zone`; in a file as 2027-02-23 14:00
    starts: datetime
    lasts: Annotated[Duration, AfterValidator(_some_time)]
    zone: Zone | None = None  #: else the entry's
    place: Localised = Field(default_factory=dict)  #: empty: it is held online
    #: a RRULE of RFC 5545, FREQ=DAILY or slower: a series, each date with seats of its own
    repeat: Annotated[str, AfterValidator(_rule)] | None = None
    skip: list[date] = Field(default_factory=list)  #: days of a series on which there is none
    capacity: int | None = Field(default=None, ge=1, le=1_000_000)  #: none: as many as wish
    closes: Duration = "0 minutes"  #: how long before its start registration ends
    #: the account of the vault whose field `url` is where to join; never the address itself
    join: Slug | None = None
    cancelled: StrictBool = False  #: it does not take place, and whoever was invited is told

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.starts.tzinfo is not None:
            raise ValueError("starts is a wall time such as 2027-02-23 14:00; its zone is zone:")
        if self.skip and not self.repeat:
            raise ValueError("skip says when not to repeat, but nothing says repeat")
        if not self.place and not self.join:
            raise ValueError("say where it is: a place, or with join the account of its link")
        return self
