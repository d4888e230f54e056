"""The circulation of new proposals: its page, spreadsheet and feeds on disk, then the mails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar

from publisher.adapters.feed import formats
from publisher.adapters.feed.adapter import NEWEST
from publisher.adapters.feed.formats import Scope
from publisher.adapters.shared import disk, edition, shelf
from publisher.adapters.shared.covering import Covering
from publisher.adapters.shared.edition import Edition
from publisher.adapters.shared.shelf import Item, Shelf
from publisher.kit import files
from publisher.kit.ids import parcel_key
from publisher.models.adapter import Capabilities, Consignment, Outcome, Parcel, Report
from publisher.models.errors import WillNeverWork

FIELD = "field"  #: the kind of feed that has one field of standardisation


class Circulation(Covering):
    """`data/lists` and `data/feeds`, and mails by the adapter named in the setting `mail`."""

    name: ClassVar[str] = "circulation"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"circulation"}),
        addressed_to="readers",
        cuts_windows=True,
        settings=("mail",),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Publish the page and the feeds, then hand over the mails, which lead to the page."""
        mail = self._mail(consignment.outlet)
        place = await disk.written(_publish, consignment)
        values = {**consignment.values, "view_url": place.url}
        fill = consignment.fill

        def with_page(given: Mapping[str, str]) -> Mapping[str, str]:
            return fill({**given, "view_url": place.url})

        def report_page(outcome: Outcome) -> None:
            report(outcome._replace(url=place.url))

        mailed = replace(consignment, values=values, fill=with_page, attachments=())
        await mail.hand_over(mailed, windows, report_page)


def _publish(consignment: Consignment) -> Edition:
    parts = consignment.content.parts
    fields = _fields(parts.get("fields", "[]"))
    place = edition.publish(consignment, parts.get("page", ""))
    folder = consignment.data / "feeds" / files.plain_name(consignment.organisation.slug)
    with files.alone(folder):
        for field in fields:
            _put_into_feed(consignment, field, place.url)
    return place


def _fields(said: str) -> list[Mapping[str, str]]:
    try:
        fields: list[Mapping[str, str]] = json.loads(said)
    except ValueError as error:
        raise WillNeverWork(f"the list of its fields is not JSON: {error}") from error
    return fields


def _put_into_feed(consignment: Consignment, field: Mapping[str, str], url: str) -> None:
    """Put what is new in a field into the feed of that field; to two audiences it comes once."""
    folder = consignment.data / "feeds"
    organisation, slug = consignment.organisation, files.plain_name(field["slug"])
    kept = Shelf(folder / organisation.slug / FIELD / "items" / slug)
    _, items = kept.put(_item(consignment, field, url))
    scope = Scope(
        organisation=organisation,
        language=consignment.content.language,
        kind=FIELD,
        slug=field["slug"],
    )
    once = {one.first: one for one in reversed(items) if one.language == scope.language}
    newest = sorted(once.values(), key=lambda one: (one.at, one.order), reverse=True)[:NEWEST]
    whole = cache(kept.whole)
    made = formats.documents(scope, [whole(one) for one in newest], consignment.site_url)
    for file, content in made.items():
        files.write_if_changed(folder / scope.folder / file, content)


def _item(consignment: Consignment, field: Mapping[str, str], url: str) -> Item:
    parcel = Parcel(delivery=0, key=parcel_key(consignment.key, 0))
    parts = {
        "title": f"{field['name']}: {consignment.content.parts.get('title', '')}",
        "summary": consignment.content.parts.get("summary", ""),
        "html": field["html"],
        "link": f"{url}#{field['slug']}",
    }
    one = shelf.item(replace(consignment, fill=lambda _: parts), parcel)
    return formats.sanitised(one)
