"""One mail to one address, by the way an organisation's newsletters go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from publisher.adapters.registry import adapter
from publisher.flows import dkim
from publisher.kit.ids import parcel_key, placement_key
from publisher.kit.vault import Vault
from publisher.models import Outlet
from publisher.models.adapter import Consignment, Outcome, Parcel, Verdict
from publisher.models.content import Content
from publisher.models.errors import TryLater
from publisher.settings import settings

Letter = tuple[Consignment, Parcel]


def letter(
    outlet: Outlet, content: Content, *, about: str, to: int, address: str, at: datetime
) -> Letter:
    """Give a mail that is ready to be handed over.

    Args:
        outlet: whose sender and service it goes by.
        content: its words.
        about: what it is about, for its key, such as `confirm`.
        to: the id of who receives it.
        address: where.
        at: aware; the same letter at the same moment has the same key, so a repeat is recognised.
    """
    consignment = _consignment(outlet, content, about, to, at)
    return consignment, Parcel(delivery=0, key=parcel_key(consignment.key, to), address=address)


async def send(made: Letter) -> str:
    """Hand it over and give its key.

    Raises:
        DeliveryError: it was not taken. Try again later: a second copy does no harm.
    """
    consignment, parcel = made
    outcomes: list[Outcome] = []
    way = adapter(consignment.outlet.adapter)
    await way.hand_over(consignment, _window(parcel), outcomes.append)
    if any(outcome.verdict is Verdict.LATER for outcome in outcomes):
        raise TryLater(f"the mail “{consignment.entry}” was not taken; it is tried again")
    return parcel.key


def newsletters(organisation: int | None) -> Outlet | None:
    """Find how an organisation sends newsletters; else how any does."""
    rows = Outlet.objects.filter(retired_at=None, channel__spec__form="newsletter")
    rows = rows.select_related("organisation", "channel").order_by("slug")
    own = rows.filter(organisation=organisation) if organisation else rows
    return own.first() or rows.first()


def _consignment(
    outlet: Outlet, content: Content, about: str, to: int, at: datetime
) -> Consignment:
    said, organisation = outlet.said, outlet.organisation.said
    vault = Vault.of(settings())
    return Consignment(
        key=placement_key(
            entry=about,
            occurrence=at.isoformat(),
            audience=str(to),
            outlet=said.slug,
            language=content.language,
        ),
        outlet=said,
        organisation=organisation,
        sender=said.sender or organisation.sender,
        audience="",
        messages=(),
        channel=outlet.channel.slug,
        entry=about,
        content=content,
        values={},
        published_at=at,
        credential={
            **((vault.get(said.account) if said.account else None) or {}),
            **dkim.keys(said),
        },
        data=settings().data_folder,
        site_url=settings().site_url,
        fill=lambda _values: content.parts,
    )


async def _window(parcel: Parcel) -> AsyncIterator[Sequence[Parcel]]:
    yield [parcel]
