"""What can go wrong, named for what the caller does next.

PublisherError
├── PlanError            the plan says something it cannot mean: show the place, change nothing
├── Refused              a person asked for what is not allowed: say why
└── DeliveryError        raised by adapters, from the service's own error
    ├── TryLater         nothing was taken: try again after a while
    ├── OutcomeUnknown   it may have been taken: never repeat blindly; ask, or show a person
    ├── NeedsConnecting  the account does not let us in: a person must connect it again
    └── WillNeverWork    it will be refused each time: do not try again
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with the plan, where it is, and what to do."""

    path: str  #: relative to the plan folder
    line: int | None = None  #: from 1
    column: int | None = None  #: from 1
    field: str = ""  #: such as `hears.0.through.2`
    sentence: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return ": ".join(filter(None, (place, self.field, self.sentence)))


class PublisherError(Exception):
    """Any error with a sentence for a person."""


class PlanError(PublisherError):
    """The plan cannot be read or does not hold together; nothing was applied."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class Refused(PublisherError):
    """A person asked for something that the rules do not allow."""


class DeliveryError(PublisherError):
    """A service did not take what it was handed."""


class TryLater(DeliveryError):
    """Nothing was taken; the same hand-over may succeed after a while."""

    def __init__(self, sentence: str, *, after: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.after = after  #: what the service asked for, if it asked


class OutcomeUnknown(DeliveryError):
    """The request left and no answer came: it may have been taken."""


class NeedsConnecting(DeliveryError):
    """The account is missing, expired or revoked."""


class WillNeverWork(DeliveryError):
    """The service refuses this for good."""
