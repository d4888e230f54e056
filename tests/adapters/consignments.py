"""Consignments to hand over, as the flows would make them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from publisher.adapters import registry
from publisher.flows.init import starter
from publisher.kit.ids import parcel_key, placement_key
from publisher.models.adapter import Attachment, Consignment, Outcome, Parcel
from publisher.models.content import Content, PictureRef, hole
from publisher.models.site import Shell
from publisher.models.specs import OrganisationSpec, OutletSpec
from publisher.render.rendition import fill
from publisher.render.shell import Looks

NOON = datetime(2027, 3, 12, 12, tzinfo=UTC)

#: the smallest PNG: one transparent pixel
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd400000000"
    "49454e44ae426082"
)
PICTURE = PictureRef(
    sha256=hashlib.sha256(PNG).hexdigest(),
    media_type="image/png",
    filename="three-logos.png",
    alt="Three logos side by side",
)

ISO = OrganisationSpec.model_validate(
    {
        "slug": "iso",
        "name": {
            "en": "International Organization for Standardization",
            "fr": "Organisation internationale de normalisation",
        },
        "short": "ISO",
        "languages": ["en", "fr", "ar"],
        "time_zone": "Europe/Zurich",
        "website": "https://www.example.org",
        "postal_address": "Chemin de Blandonnet 8, 1214 Vernier, Switzerland",
        "sender": {"name": "ISO", "address": "news@iso.example.org"},
    }
)

HOSTILE = "<script>alert('é')</script> & \"quotes\" \u202e 👩‍🔬 مرحبا {{ 7 * 7 }} %s \x0b"

PARTS: dict[str, dict[str, str]] = {
    "newsletter": {
        "subject": "One plan for three organisations",
        "preheader": "What changed this month",
        "html": f"<!doctype html><html lang='en'><body><p>Dear {hole('reader.name')},</p>"
        f'<p><a href="{hole("unsubscribe_url")}">Leave</a></p></body></html>',
        "text": f"Dear {hole('reader.name')},\n\n{hole('unsubscribe_url')}\n",
    },
    "circular": {
        "subject": f"Circular {hole('circular.number')}",
        "preheader": "A new coordination group",
        "html": f"<p>Circular {hole('circular.number')} of {hole('circular.date')}</p>",
        "text": f"Circular {hole('circular.number')} of {hole('circular.date')}\n",
        "title": "A new coordination group",
        "summary": "Members are asked to name experts.",
        "document": "= A new coordination group",
    },
    "webinar": {
        "subject": "Half an hour on looking first",
        "preheader": "With an example",
        "html": f"<p><a href='{hole('seat_url')}'>Register</a></p>",
        "text": f"Register: {hole('seat_url')}\n",
        "calendar": f"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:one@publisher\n"
        f"ATTENDEE;RSVP=FALSE:mailto:{hole('reader.address')}\nEND:VEVENT\nEND:VCALENDAR\n",
    },
    "landscape": {
        "title": "Who works on what",
        "summary": "By field",
        "html": "<!doctype html><html lang='en'><head><title>Map</title></head>"
        "<body><main><h1>Map</h1></main></body></html>",
        "document": "= Map",
        "table": "{}",
        "data": "{}",
    },
    "circulation": {
        "subject": "New proposals",
        "preheader": "By field",
        "html": f"<p>Dear {hole('reader.name')}, <a href='{hole('view_url')}'>the list</a></p>",
        "text": f"The list: {hole('view_url')}\n",
        "title": "New proposals",
        "summary": "By field",
        "page": "<!doctype html><html lang='en'><head><title>New</title></head>"
        "<body><main><h1>New</h1></main></body></html>",
        "fields": '[{"slug": "energy", "name": "Energy", "html": "<h3>New</h3>"}]',
        "table": "{}",
        "data": "{}",
    },
    "post": {
        "1": "One plan for three organisations 👩‍🔬 https://www.example.org/plan",
        "2": "Each kept its own voice.",
        "link": "https://www.example.org/plan",
    },
    "feed": {
        "title": "One plan for three organisations",
        "summary": "What changed this month",
        "html": "<p>One plan.</p>",
        "link": "https://www.example.org/plan",
    },
    "report": {
        "title": "What happened",
        "summary": "A quarter in figures",
        "html": "<!doctype html><html lang='en'><head><title>What happened</title></head>"
        "<body><main><h1>What happened</h1></main></body></html>",
        "body": "## Figures",
        "document": "= What happened",
        "set": "{}",
        "master": "",
    },
    "page": {
        "title": "One plan for three organisations",
        "summary": "What changed this month",
        "html": "<!doctype html><html lang='en'><head><title>One plan</title></head>"
        "<body><main><h1>One plan</h1></main></body></html>",
    },
}

PARTS["workshop"] = PARTS["webinar"]
MAILS = {"newsletter", "circular", "circulation", "webinar", "workshop"}


def consignment(form: str, data: Path, **changes: Any) -> Consignment:
    """Give a consignment of a form; `changes` are to it, to its outlet or to its parts.

    Args:
        form: one of `PARTS`.
        data: the data folder.
        changes: fields of the consignment, and `language`, `direction`, `parts`, `pictures` of
            its content, and `adapter`, `settings` of its outlet.
    """
    language = changes.pop("language", "en")
    entry = changes.get("entry", "one-plan")
    audience = changes.get("audience", "members")
    outlet = OutletSpec(
        slug=f"iso-{form}",
        channel=form,
        organisation="iso",
        adapter=changes.pop("adapter", "capture"),
        languages=["en"],
        account=changes.pop("account", ""),
        settings=changes.pop("settings", {}),
    )
    pictures = changes.pop("pictures", ())
    content = Content(
        form=form,
        language=language,
        direction=changes.pop("direction", "rtl" if language == "ar" else "ltr"),
        parts={**PARTS[form], **changes.pop("parts", {})},
        pictures=tuple(pictures),
    )
    key = placement_key(
        entry=entry, occurrence="once", audience=audience, outlet=outlet.slug, language=language
    )
    made = Consignment(
        key=key,
        outlet=outlet,
        organisation=ISO,
        sender=ISO.sender,
        audience=audience,
        messages=("coordination", "openness"),
        channel=form,
        entry=entry,
        content=content,
        values={"circular.number": "ISO 2027/7", "circular.date": "12 March 2027"}
        if form == "circular"
        else {},
        published_at=NOON,
        data=data,
        site_url="https://news.example.org",
        pictures={picture.sha256: PNG for picture in pictures},
        shell=shell(ISO) if form == "page" else None,
        fill=lambda values: fill(content, values),
        attachments=(
            [Attachment(filename="circular.pdf", media_type="application/pdf", content=b"%PDF-1.7")]
            if form in ("circular", "report")
            else []
        ),
    )
    return replace(made, **changes)


class _Starter:
    """The reference plan's own templates."""

    def source(self, path: str) -> str | None:
        file = starter() / "templates" / path
        return file.read_text("utf-8") if file.is_file() else None

    def master(self, path: str) -> None:
        """There is none."""


@cache
def _looks(as_json: str) -> Looks:
    return Looks(OrganisationSpec.model_validate_json(as_json), _Starter())


def shell(organisation: OrganisationSpec, **around: Any) -> Shell:
    """Give the reference plan's looks of a site, with nothing around the pages but names."""
    looks = _looks(organisation.model_dump_json())
    body = {"slug": "iso", "name": {"en": "ISO"}, "short": "ISO", "website": "https://iso.org/"}
    nothing = {"documents": [], "items": [], "counts": []}
    said = {"audiences": {"members": {"en": "Members"}}, "organisations": [body]}
    said |= {"circulars": [], "events": [], "landscape": nothing}
    said["doors"] = {"propose": True, "intake": False}
    return Shell(
        digest=looks.digest(),
        around={**said, **around},
        document=looks.document,
        cards=looks.cards,
    )


def parcels(made: Consignment, count: int = 1, *, first: int = 1) -> list[Parcel]:
    """Give parcels to readers, or the one to the outlet's endpoint."""
    if made.content.form not in MAILS:
        return [Parcel(delivery=first, key=parcel_key(made.key, 0))]
    return [
        Parcel(
            delivery=number,
            key=parcel_key(made.key, number),
            address=f"reader{number}@example.org",
            name=f"Reader {number}",
            values={
                "reader.name": f"Reader {number}",
                "reader.address": f"reader{number}@example.org",
                "unsubscribe_url": f"https://news.example.org/leave/t{number}",
                "preferences_url": f"https://news.example.org/preferences/t{number}",
                "seat_url": f"https://news.example.org/events/seat/t{number}",
                "view_url": f"https://news.example.org/archive/{made.key}/",
                **made.values,
            },
        )
        for number in range(first, first + count)
    ]


def hand_over(
    made: Consignment, *windows: Sequence[Parcel], adapter: str | None = None
) -> list[Outcome]:
    """Hand windows of parcels to the consignment's adapter, and give what it reported.

    What was reported before an adapter raised is in the exception's `reported`.
    """
    reported: list[Outcome] = []

    async def each() -> AsyncIterator[Sequence[Parcel]]:
        for window in windows:
            yield window

    chosen = registry.adapter(adapter or made.outlet.adapter)
    try:
        asyncio.run(chosen.hand_over(made, each(), reported.append))
    except Exception as error:
        error.reported = reported  # type: ignore[attr-defined]
        raise
    return reported
