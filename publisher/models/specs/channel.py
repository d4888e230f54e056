"""A line on the menu, and an organisation's own instance of it."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from publisher.models.specs.organisation import SenderSpec
from publisher.models.specs.shared import Clock, Language, Localised, Slug, Spec

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class QuietSpec(Spec):
    """When an outlet keeps silent; what falls due then waits for the end of it."""

    start: Clock | None = None  #: wall time in the organisation's zone; may lie after `end`
    end: Clock | None = None
    days: list[Weekday] = Field(default_factory=list)
    dates: list[str] = Field(default_factory=list)  #: ISO dates, such as public holidays

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if (self.start is None) != (self.end is None) or (self.start and self.start == self.end):
            raise ValueError("quiet hours have a start and another end")
        if len(set(self.days)) == 7:
            raise ValueError("an outlet cannot be quiet on all seven days; leave it out instead")
        return self

    @field_validator("dates")
    @classmethod
    def _dates(cls, value: list[str]) -> list[str]:
        for day in value:
            date.fromisoformat(day)
        return value


class PaceSpec(Spec):
    """How fast an outlet may go."""

    per_minute: int | None = Field(default=None, ge=1)
    connections: int = Field(default=10, ge=1, le=200)  #: open at once to the service
    #: how many a minute to the recipients of one domain; `*` is each that is not named
    domains: dict[str, StrictInt] = Field(default_factory=dict)

    @field_validator("domains", mode="before")
    @classmethod
    def _domains(cls, value: object) -> object:
        if not isinstance(value, dict):
            sentence = "“domains” says for each domain how many a minute: { gmail.com: 600 }"
            raise ValueError(sentence)  # noqa: TRY004  # what the library shows people
        return {_recipients(domain): _a_minute(domain, count) for domain, count in value.items()}


def _recipients(domain: object) -> str:
    """Give a domain as it stands in the addresses we keep."""
    from publisher.kit.address import plain_address

    if domain == "*":
        return domain
    try:
        return plain_address(f"x@{domain}").partition("@")[2]
    except ValueError:
        raise ValueError(f"“{domain}” is not a domain such as gmail.com, and not *") from None


def _a_minute(domain: object, count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"how many a minute go to “{domain}” is a whole number from 1")
    return count


class OutletSpec(Spec):
    """One organisation's own instance of a channel."""

    slug: Slug
    channel: Slug
    organisation: Slug
    adapter: str  #: an entry point in the group `publisher.adapters`
    account: str = ""  #: the name of a credential in the vault; never the credential
    languages: list[Language] = Field(min_length=1)
    sender: SenderSpec | None = None  #: else the organisation's
    quiet: QuietSpec = QuietSpec()
    pace: PaceSpec = PaceSpec()
    settings: dict[str, str | int | bool] = Field(default_factory=dict)  #: the adapter's own

    @field_validator("account")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if value and not value.replace("-", "").replace("_", "").isalnum():
            raise ValueError(
                "an account is the name of a credential kept by `publisher accounts`, "
                "never the credential itself"
            )
        return value

    @property
    def carrier(self) -> str:
        """The adapter its account is for: the covering mails of a circular go by another."""
        return str(self.settings.get("mail") or self.adapter)


class ChannelSpec(Spec):
    """`channels/<slug>.yaml`, less its outlets: a form carried by an adapter."""

    slug: Slug
    name: Localised
    description: Localised
    form: Slug  #: what it looks like: a file in `publisher/render/forms/` once it exists
    asks_consent: StrictBool = True  #: false only where nobody is written to (feeds, pages, posts)
