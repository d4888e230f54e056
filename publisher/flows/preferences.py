"""What a reader receives, about what, and in which language: read and changed by its link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from publisher.feedback.consent import Changes, Wish, changes, muted
from publisher.flows.subscribe import bulletins, topics
from publisher.flows.tell import tell
from publisher.models import Channel, Consent, EventName, Organisation, Reader


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How a reader's page stands."""

    address: str
    language: str
    muted: frozenset[str]  #: slugs of key messages
    live: frozenset[Wish]  #: confirmed and not withdrawn


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a reader's page came back with."""

    language: str
    topics: Collection[str]  #: slugs of the key messages to hear about
    wishes: Collection[Wish]
    wordings: Mapping[Wish, str]  #: the sentence beside each box, as it was shown
    source: str  #: the page's address, without the token


def preferences(reader: int) -> Preferences | None:
    """Give them; None: there is no such reader (any more)."""
    found = Reader.objects.filter(pk=reader).first()
    if found is None:
        return None
    live = Consent.objects.filter(reader=reader, withdrawn_at=None, confirmed_at__isnull=False)
    pairs = live.values_list("organisation__slug", "channel__slug")
    return Preferences(
        address=found.address,
        language=found.language,
        muted=frozenset(found.muted),
        live=frozenset(Wish(organisation, channel) for organisation, channel in pairs),
    )


def change_preferences(reader: int, answer: Answer, *, now: datetime) -> Changes:
    """Store what a reader chose.

    Its link reached it by mail, so what it ticks here needs no second confirmation.
    """
    with transaction.atomic():
        found = Reader.objects.select_for_update().get(pk=reader)
        found.language = answer.language
        found.muted = muted(topics(), answer.topics)
        found.save(update_fields=("language", "muted"))
        known = preferences(reader)
        assert known is not None
        offered = [bulletin.wish for bulletin in bulletins()]
        wanted = changes(answer.wishes, live=known.live, offered=offered)
        for wish in wanted.give:
            _give(found, wish, answer, now)
        for wish in wanted.withdraw:
            _live(found, wish).update(withdrawn_at=now, withdrawn_by="preferences")
    return wanted


def _give(reader: Reader, wish: Wish, answer: Answer, now: datetime) -> None:
    told = {"reader": reader.pk, "channel": wish.channel}
    tell(EventName.READER_SUBSCRIBED, frozenset({wish.organisation}), told, now=now)
    Consent.objects.update_or_create(
        reader=reader,
        organisation=Organisation.objects.get(slug=wish.organisation),
        channel=Channel.objects.get(slug=wish.channel),
        withdrawn_at=None,
        defaults={
            "given_at": now,
            "confirmed_at": now,
            "source": answer.source,
            "wording": answer.wordings[wish],
        },
    )


def _live(reader: Reader, wish: Wish) -> QuerySet[Consent]:
    return Consent.objects.filter(
        reader=reader,
        withdrawn_at=None,
        organisation__slug=wish.organisation,
        channel__slug=wish.channel,
    )
