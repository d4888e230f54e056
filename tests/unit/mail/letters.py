"""A consignment to make mails from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from publisher.adapters.mail.segments import filled_in
from publisher.models.adapter import Consignment, Parcel
from publisher.models.content import Content, hole
from publisher.models.specs import OrganisationSpec, OutletSpec, SenderSpec

ORGANISATION = OrganisationSpec(
    slug="iso",
    name={"en": "International Organization for Standardization"},
    short="ISO",
    languages=["en", "fr"],
    time_zone="Europe/Zurich",
    website="https://iso.example.org",
    postal_address="Chemin de Blandonnet 8, 1214 Vernier, Switzerland",
    sender=SenderSpec(name="ISO", address="news@iso.example.org"),
)
VALUES = {
    "reader.name": "Zoë Müller",
    "reader.address": "zoe@example.org",
    "unsubscribe_url": "https://publish.example.org/leave/1-0123456789abcdef0123-00112233445566778899",
    "preferences_url": "https://publish.example.org/preferences/1-0123456789abcdef0123-0011223344",
}
PARTS = {
    "subject": "What standards do for you",
    "text": f"Dear {hole('reader.name')},\n\nThe words.\n\nLeave: {hole('unsubscribe_url')}\n",
    "html": f'<p>Dear {hole("reader.name")},</p><a href="{hole("unsubscribe_url")}">Leave</a>',
}


def outlet(**said: Any) -> OutletSpec:
    return OutletSpec.model_validate(
        {
            "slug": "iso-newsletter",
            "channel": "newsletter",
            "organisation": "iso",
            "adapter": "smtp",
            "languages": ["en"],
            **said,
        }
    )


def consignment(parts: dict[str, str] | None = None, **said: Any) -> Consignment:
    """A newsletter of ISO's; `parts` may hold holes."""
    content = Content(form="newsletter", language="en", direction="ltr", parts=parts or PARTS)
    given = {"view_url": "https://publish.example.org/archive/x/", **said.pop("values", {})}

    def fill(values: dict[str, str]) -> dict[str, str]:
        return {
            name: filled_in(part, {**given, **values}, html=name == "html")
            for name, part in said.get("content", content).parts.items()
        }

    return Consignment(
        **{
            "key": "0123456789abcdef0123",
            "outlet": outlet(),
            "organisation": ORGANISATION,
            "sender": ORGANISATION.sender,
            "audience": "members",
            "messages": ("coordination",),
            "channel": "newsletter",
            "entry": "statement",
            "content": content,
            "values": given,
            "published_at": datetime(2026, 3, 12, 9, 0, tzinfo=UTC),
            "fill": fill,
            **said,
        }
    )


def parcel(number: int = 1, **said: Any) -> Parcel:
    return Parcel(
        **{
            "delivery": number,
            "key": f"0123456789abcdef0123.{number}",
            "address": f"reader{number}@example.org",
            "name": "Zoë Müller",
            "values": VALUES,
            **said,
        }
    )
