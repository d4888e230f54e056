"""Somebody asks to receive something: kept as pending, and asked to confirm by mail.

Whatever the address, whoever asks learns nothing about it: not whether it is known, receives
something already, or must not be written to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Lower

from publisher.feedback.consent import CONFIRM_WITHIN, Wish, may_confirm, muted, to_ask
from publisher.flows import defer
from publisher.kit.signing import address_hash
from publisher.models import (
    Channel,
    Consent,
    Intake,
    IntakeState,
    KeyMessage,
    Organisation,
    Outlet,
    Proposal,
    ProposalState,
    Reader,
    Registration,
    Seat,
    Suppression,
)
from publisher.models.specs import ChannelSpec, OrganisationSpec


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A channel of one organisation’s that readers may subscribe to."""

    wish: Wish
    organisation: OrganisationSpec
    channel: ChannelSpec
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a form said."""

    address: str  #: checked
    language: str
    topics: Collection[str]  #: slugs of the key messages to hear about
    wordings: Mapping[Wish, str]  #: what was asked for, each with the sentence as it was shown
    source: str  #: the form's address


def bulletins() -> list[Bulletin]:
    """Give what is in the plan now and is sent to readers who agreed to it."""
    from publisher.render.rendition import forms

    written = [name for name, form in forms().items() if form.addressed_to == "readers"]
    outlets = Outlet.objects.filter(
        retired_at=None, channel__retired_at=None, channel__spec__form__in=written
    ).select_related("channel", "organisation")
    found: dict[Wish, Bulletin] = {}
    for outlet in outlets.order_by("organisation__slug", "channel__slug", "slug"):
        if not outlet.channel.said.asks_consent:
            continue
        wish = Wish(outlet.organisation.slug, outlet.channel.slug)
        known = found[wish].languages if wish in found else ()
        found[wish] = Bulletin(
            wish=wish,
            organisation=outlet.organisation.said,
            channel=outlet.channel.said,
            languages=tuple(dict.fromkeys([*known, *outlet.said.languages])),
        )
    return list(found.values())


def topics() -> dict[str, KeyMessage]:
    """Give the key messages of the plan by slug."""
    return {message.slug: message for message in KeyMessage.objects.filter(retired_at=None)}


def reader_at(address: str) -> QuerySet[Reader]:
    """Find the reader with an address, whatever its case."""
    return Reader.objects.alias(lowered=Lower("address")).filter(lowered=Lower(Value(address)))


def subscribe(request: Request, *, now: datetime) -> None:
    """Keep what was asked for and have the mail that asks to confirm it sent."""
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=address_hash(request.address)).exists():
            return
        reader = reader_for(request.address, request.language, now=now)
        confirmed = _wishes(reader.consents.filter(withdrawn_at=None, confirmed_at__isnull=False))
        if not confirmed:
            reader.language = request.language
            reader.muted = muted(topics(), request.topics)
            reader.save(update_fields=("language", "muted"))
        for wish in to_ask(request.wordings, confirmed):
            _pend(reader, wish, request, now)
        defer.ask_to_confirm(reader.pk, now)


def asked(reader: int, asked_at: datetime) -> QuerySet[Consent]:
    """Give the consents of one request that are still live, confirmed or not."""
    return Consent.objects.filter(
        reader=reader, given_at=asked_at, withdrawn_at=None
    ).select_related("organisation", "channel", "reader")


def confirm(reader: int, asked_at: datetime, *, now: datetime) -> int:
    """Confirm what was asked for at that moment; give how many consents are confirmed now."""
    if not may_confirm(asked_at, now):
        return asked(reader, asked_at).filter(confirmed_at__isnull=False).count()
    asked(reader, asked_at).filter(confirmed_at=None).update(confirmed_at=now)
    return asked(reader, asked_at).count()


def forget_unconfirmed(*, now: datetime) -> int:
    """Erase what was asked for and never confirmed, and readers nobody else knows of."""
    late_at = now - CONFIRM_WITHIN
    late = Consent.objects.filter(confirmed_at=None, withdrawn_at=None)
    late = late.filter(given_at__lt=late_at)
    with transaction.atomic():
        readers = list(late.values_list("reader", flat=True))
        gone, _ = late.delete()
        never = Registration.objects.filter(state=Seat.ASKED, asked_at__lt=late_at)
        readers += never.values_list("reader", flat=True)
        gone += never.delete()[0]
        gone += Proposal.objects.filter(state=ProposalState.ASKED, asked_at__lt=late_at).delete()[0]
        gone += Intake.objects.filter(state=IntakeState.ASKED, asked_at__lt=late_at).delete()[0]
        unknown = Reader.objects.filter(pk__in=readers, consents=None, registrations=None)
        unknown.filter(attributes={}).delete()
    return gone


def _wishes(consents: QuerySet[Consent]) -> set[Wish]:
    pairs = consents.values_list(F("organisation__slug"), F("channel__slug"))
    return {Wish(organisation, channel) for organisation, channel in pairs}


def reader_for(address: str, language: str, *, now: datetime) -> Reader:
    """Give the reader with an address, locked; made if there is none."""
    fresh = Reader(address=address, language=language, created_at=now)
    Reader.objects.bulk_create([fresh], ignore_conflicts=True)
    return reader_at(address).select_for_update().get()


def _pend(reader: Reader, wish: Wish, request: Request, now: datetime) -> None:
    said = {"given_at": now, "source": request.source, "wording": request.wordings[wish]}
    Consent.objects.update_or_create(
        reader=reader,
        organisation=Organisation.objects.get(slug=wish.organisation),
        channel=Channel.objects.get(slug=wish.channel),
        withdrawn_at=None,
        defaults=said,
    )
