"""From a page that was approved to the site that has it: on the shelf, then in a new tree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from publisher.adapters.shared import disk, shelf
from publisher.adapters.shared.shelf import Item, Shelf
from publisher.adapters.webpage.pages import SECTIONS, Pages
from publisher.adapters.webpage.site import Site
from publisher.adapters.webpage.tree import Record, Trees
from publisher.kit import files
from publisher.models.adapter import Consignment, Json, Parcel
from publisher.models.errors import WillNeverWork
from publisher.models.site import Shell
from publisher.models.specs import OrganisationSpec


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a site of an organisation is made, and where it is read."""

    data: Path
    organisation: OrganisationSpec
    shell: Shell
    live: str  #: the address of the pages that Publisher serves; no slash at the end
    base: str  #: the site's own, likewise
    trees: Trees

    def made(self) -> tuple[Site, Record]:
        """Make the site anew of what is on the shelf; what did not change is not written."""
        kept = _shelf(self.data, self.organisation.slug)
        _move_pictures(self.data, self.organisation.slug)
        site = Site(
            base=self.base,
            live=self.live,
            organisation=self.organisation,
            shell=self.shell,
            pages=Pages(kept.items()),
            whole=kept.whole,
            pictures=_pictures(self.data, self.organisation.slug),
            feeds=self.data / "feeds",
        )
        before = self.trees.record()
        draft = self.trees.draft(before)
        notes = site.make(draft, before)
        return site, self.trees.publish(draft, notes)


def place(consignment: Consignment, *, base: str, trees: Trees) -> Place:
    """Give the place of a consignment's site.

    Raises:
        WillNeverWork: nobody said what stands around the pages.
    """
    if consignment.shell is None:
        raise WillNeverWork("the site's templates are missing")
    return Place(
        data=consignment.data,
        organisation=consignment.organisation,
        shell=consignment.shell,
        live=consignment.site_url,
        base=base,
        trees=trees,
    )


def keep(consignment: Consignment, parcel: Parcel) -> Item:
    """Put a page on its organisation's shelf, and give it with its address."""
    data, slug = consignment.data, consignment.organisation.slug
    disk.keep_pictures(consignment, _pictures(data, slug))
    about = consignment.organisation.model_dump_json(include={"slug", "name", "short", "website"})
    files.write_if_changed(data / "pages" / f"{slug}.json", about)
    item, _ = _shelf(data, slug).put(shelf.item(consignment, parcel))
    return item


def organisations(data: Path) -> dict[str, Json]:
    """Give those that have published a page: slug, name, short, website; by slug."""
    found = sorted((data / "pages").glob("*.json"))
    return {path.stem: json.loads(path.read_bytes()) for path in found}


def _shelf(data: Path, organisation: str) -> Shelf:
    return Shelf(data / "pages" / organisation, frozenset(SECTIONS))


def _pictures(data: Path, organisation: str) -> Path:
    return data / "pages" / f"{organisation}.pictures"


def _move_pictures(data: Path, organisation: str) -> None:
    """Take the pictures out of a site of before there were trees."""
    old, new = data / "site" / organisation, _pictures(data, organisation)
    if not old.is_symlink() and (old / "pictures").is_dir():
        new.mkdir(parents=True, exist_ok=True)
        for picture in (old / "pictures").iterdir():
            picture.rename(new / picture.name)
