"""Rows for tests of what readers see: two organisations, what they offer, and what went out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from publisher.kit.ids import placement_key
from publisher.models import (
    Audience,
    Channel,
    Circular,
    Consent,
    Delivery,
    DeliveryState,
    Entry,
    KeyMessage,
    Occurrence,
    Organisation,
    Outlet,
    Placement,
    PlacementState,
    Reader,
    Rendition,
)
from publisher.models.content import Content, hole
from publisher.models.delivery import this_month

WHEN = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
WORDS = (
    f"<!DOCTYPE html><html lang='en'><head><title>News</title></head><body><h1>News</h1>"
    f"<p>Dear {hole('reader.name')},</p><p><a href='{hole('unsubscribe_url')}'>Leave</a></p>"
    f"<p><a href='{hole('view_url')}'>View</a></p></body></html>"
)
CHANNELS = {"newsletter": "newsletter", "feed": "feed", "mastodon": "post", "website": "page"}


@dataclass
class Rows:
    """What `rows()` made, by slug."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)

    def placement(self, outlet: str = "iso-newsletter", **said) -> Placement:
        """Make a placement of the entry `statement` that has finished."""
        language = said.pop("language", "en")
        audience = said.pop("audience", "members")
        entry, _ = Entry.objects.get_or_create(
            slug=said.pop("entry", "statement"),
            defaults={"spec": ENTRY, "first_applied_at": WHEN},
        )
        occurrence, _ = Occurrence.objects.get_or_create(
            entry=entry, key="launch", defaults={"due_at": WHEN}
        )
        key = placement_key(
            entry=entry.slug,
            occurrence="launch",
            audience=audience,
            outlet=outlet,
            language=language,
        )
        values = {"state": PlacementState.FINISHED, "started_at": WHEN, "rendition": words()}
        return Placement.objects.create(
            **values
            | {
                "key": key,
                "occurrence": occurrence,
                "audience": Audience.objects.get(slug=audience),
                "outlet": self.outlets[outlet],
                "language": language,
                "month": this_month(),  # so that deliveries may be made of it
            }
            | said
        )

    def circular(self, **said) -> Circular:
        """Make a circular of ISO with its document in English."""
        placement = self.placement("iso-circular", **said)
        return Circular.objects.create(
            organisation=self.organisations["iso"],
            year=2027,
            number=1,
            occurrence=placement.occurrence,
            dated=date(2027, 3, 12),
        )

    def reader(self, address: str = "ana@example.org", *, wish: str = "", **said) -> Reader:
        """Make a reader; with a confirmed consent to `organisation/channel` if that is said."""
        made = Reader.objects.create(address=address, created_at=WHEN, **said)
        if wish:
            organisation, channel = wish.split("/")
            Consent.objects.create(
                reader=made,
                organisation=self.organisations[organisation],
                channel=self.channels[channel],
                given_at=WHEN,
                confirmed_at=WHEN,
                source="a form on paper",
                wording="I agree.",
            )
        return made

    def delivery(self, placement: Placement, reader: Reader) -> Delivery:
        """Make an accepted delivery."""
        return Delivery.objects.create(
            placement=placement,
            recipient=reader.pk,
            address=reader.address,
            state=DeliveryState.ACCEPTED,
        )


ENTRY = {
    "slug": "statement",
    "title": {"en": "Working together", "fr": "Travailler ensemble", "ar": "العمل معا"},
    "summary": {"en": "What we agreed."},
    "when": {"kind": "launch"},
    "audiences": ["members"],
    "messages": ["coordination"],
    "words": [{"language": "en", "words": "Words."}],
}


def rows() -> Rows:
    """Make the plan's part of it."""
    made = Rows()
    for slug, short, name in (
        ("iso", "ISO", "International Organization for Standardization"),
        ("iec", "IEC", "International Electrotechnical Commission"),
    ):
        made.organisations[slug] = Organisation.objects.create(
            slug=slug, spec=_organisation(slug, short, name)
        )
    for slug, form in {**CHANNELS, "circular": "circular"}.items():
        made.channels[slug] = Channel.objects.create(slug=slug, spec=_channel(slug, form))
        for organisation in made.organisations:
            _outlet(made, organisation, slug)
    _audience()
    for slug, name in (("coordination", "Coordination"), ("one-catalogue", "One catalogue")):
        spec = {"slug": slug, "name": {"en": name}, "text": {"en": f"{name}."}}
        KeyMessage.objects.create(slug=slug, spec=spec)
    return made


def open_doors(made: Rows) -> None:
    """Let the organisations take proposals for new work, and offers of collaboration."""
    for slug, form in (("new-work", "work-item-form"), ("door", "intake")):
        made.channels[slug] = Channel.objects.create(slug=slug, spec=_channel(slug, form))
        for organisation in made.organisations:
            _outlet(made, organisation, slug)


def words() -> Rendition:
    """Make a newsletter's words, in one rendition for all."""
    content = Content(
        form="newsletter",
        language="en",
        direction="ltr",
        parts={"subject": "News", "preheader": "", "html": WORDS, "text": "News"},
    )
    made, _ = Rendition.objects.get_or_create(
        sha256=content.sha256,
        defaults={
            "form": "newsletter",
            "language": "en",
            "content": content.to_json(),
            "made_at": WHEN,
        },
    )
    return made


def _organisation(slug: str, short: str, name: str) -> dict[str, object]:
    return {
        "slug": slug,
        "name": {"en": name},
        "short": short,
        "languages": ["en", "fr", "ar"],
        "time_zone": "Europe/Zurich",
        "website": f"https://{slug}.example.org",
        "postal_address": "1 Example Street\nGeneva",
        "sender": {"name": short, "address": f"news@{slug}.example.org"},
    }


def _channel(slug: str, form: str) -> dict[str, object]:
    return {
        "slug": slug,
        "name": {"en": slug.capitalize()},
        "description": {"en": f"The {slug}."},
        "form": form,
        "asks_consent": form in {"newsletter", "circular"},
    }


def _outlet(made: Rows, organisation: str, channel: str) -> None:
    slug = f"{organisation}-{channel}"
    adapters = {"newsletter": "capture", "mastodon": "capture", "website": "webpage"}
    made.outlets[slug] = Outlet.objects.create(
        slug=slug,
        channel=made.channels[channel],
        organisation=made.organisations[organisation],
        spec={
            "slug": slug,
            "channel": channel,
            "organisation": organisation,
            "adapter": adapters.get(channel, channel),
            "languages": ["en", "fr", "ar"],
        },
    )


def _audience() -> None:
    spec = {"slug": "members", "name": {"en": "Members"}, "kind": "primary"}
    Audience.objects.create(slug="members", spec={**spec, "who": {"everyone": True}})
