"""The adapter promise: what every way of travelling offers, and what it is handed.

An adapter is one file, or one folder, that knows one service. It keeps no state of ours, reads no
database and no clock but what it is given, and raises only the `DeliveryError` family. It is found
by its entry point in the group `publisher.adapters`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, runtime_checkable

from publisher.models.content import Content
from publisher.models.site import Shell
from publisher.models.specs import OrganisationSpec, OutletSpec, SenderSpec


class Verdict(Enum):
    """What a service answered to one hand-over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  #: for good
    LATER = "later"  #: not taken; may be tried again
    UNCERTAIN = "uncertain"  #: may or may not have been taken


class Outcome(NamedTuple):
    """A service's answer to the hand-over of one delivery."""

    delivery: int  #: `Parcel.delivery`
    verdict: Verdict
    answer: str = ""  #: the service's own words or id, without an address; 500 characters at most
    url: str = ""  #: where it can be read, if it can
    after: timedelta | None = None  #: with LATER: what the service asked for


class Parcel(NamedTuple):
    """One recipient of a consignment."""

    delivery: int  #: the ledger row's id
    key: str  #: the same for the same words to the same recipient, for ever; ASCII, no spaces
    address: str = ""  #: empty for an outlet's one endpoint
    name: str = ""
    values: Mapping[str, str] = MappingProxyType({})  #: what fills this reader's holes


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with each copy."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """Everything an adapter needs to hand over one placement, whoever the recipients are."""

    key: str  #: the placement's
    outlet: OutletSpec
    organisation: OrganisationSpec
    sender: SenderSpec
    audience: str  #: slug
    messages: tuple[str, ...]  #: slugs of the key messages it serves
    channel: str  #: slug
    entry: str  #: slug
    content: Content
    #: values known only at hand-over, such as a circular's number; fill the same holes
    values: Mapping[str, str]
    published_at: datetime  #: aware, UTC: the moment the placement started, the same at each try
    credential: Mapping[str, str] = field(default_factory=dict, repr=False)
    attachments: Sequence[Attachment] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)  #: by SHA-256
    data: Path = Path("var")  #: where adapters that publish files put them: `PUBLISHER_DATA`
    site_url: str = "http://127.0.0.1:8000"  #: without a slash at the end
    shell: Shell | None = None  #: for adapters that publish a site
    #: fills `content` for one reader, by full rendering where the template branches
    fill: Callable[[Mapping[str, str]], Mapping[str, str]] = field(repr=False)
    #: gives what `fill` fills, its holes still open: the same object for readers whom the template
    #: treats alike; None where a template looks at no value
    opened: Callable[[Mapping[str, str]], Mapping[str, str]] | None = field(
        default=None, repr=False
    )


#: To be called the instant the service answers; returns once the answer is safe on disk.
Report = Callable[[Outcome], None]


#: the forms of an adapter that can carry whatever there is
EVERY = frozenset({"*"})


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a service can carry, as data beside the adapter that knows it."""

    forms: frozenset[str]  #: the forms it can carry, or `EVERY`
    addressed_to: Literal["readers", "endpoint"]
    reaches_the_world: bool = True  #: false for capture, which is labelled wherever it is shown
    window: int = 500  #: how many recipients it is handed at once, at most
    #: its windows may be cut to about a second's work, so that a pause is felt soon; not where a
    #: window is one request
    cuts_windows: bool = False
    #: after a crash, what becomes of a hand-over whose answer was not recorded: it is repeated,
    #: because the other side recognises the repeat (or the window is a single mail), or a person
    #: or the service's own record is asked
    after_crash: Literal["repeat", "ask"] = "repeat"
    credential_fields: tuple[str, ...] = ()  #: what the vault must hold for it
    settings: tuple[str, ...] = ()  #: the keys it understands in an outlet's `settings`
    pictures: bool = False
    site: bool = False  #: it publishes a site, and is handed what stands around the pages

    def carries(self, form: str, addressed_to: str) -> bool:
        """Say whether it can carry a form that goes to readers, or to an endpoint."""
        reaches = addressed_to == "endpoint" or self.addressed_to == "readers"
        return form in self.forms or (self.forms == EVERY and reaches)


class Adapter(Protocol):
    """One service."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Hand every parcel of every window to the service and report each outcome.

        A parcel that is not reported when this returns or raises was not taken. Connections are
        kept between windows and closed at the end. For an endpoint there is one window with one
        parcel.

        Raises:
            TryLater: nothing more can be taken now; unreported parcels go back to the queue.
            OutcomeUnknown: the unreported parcels of the current window are uncertain.
            NeedsConnecting: a person must connect the account; unreported parcels stay queued.
            WillNeverWork: unreported parcels will be refused each time.
        """
        ...

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Look for an uncertain hand-over in the service's own record; None: it cannot tell."""
        ...

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """Say what is wrong with an outlet's settings, a sentence each, without the network."""
        ...


@runtime_checkable
class Measured(Protocol):
    """What an adapter is besides whose service counts what became of a post."""

    async def figures(
        self, consignment: Consignment, parcel: Parcel, url: str
    ) -> Mapping[str, int] | None:
        """Read what the service counts for a parcel that it accepted, by `FigureKind`.

        Args:
            consignment: as it was handed over.
            parcel: likewise.
            url: what `Outcome.url` said of it.

        Returns:
            the counts it gives now; a kind that it does not count is left out. None: it does not
            show the post any more, or not yet.

        Raises:
            DeliveryError: it cannot be asked.
        """
        ...


@runtime_checkable
class Greeting(Protocol):
    """What an adapter is besides that can see whether an account lets it in, changing nothing."""

    async def greet(self, outlet: OutletSpec, credential: Mapping[str, str]) -> str:
        """Sign in, and give what the service calls the account, or itself.

        Raises:
            DeliveryError: it cannot be reached, or does not let us in.
        """
        ...


#: JSON that came from a service, before it is read into a type.
Json = Any
