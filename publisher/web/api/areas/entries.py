"""Entries: what they say, read and written whole, and what they said before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows import uploads
from publisher.flows.edit import edit, take_out
from publisher.flows.falling import falling
from publisher.flows.unsaved import unsaved
from publisher.kit import clock
from publisher.models import Act, Entry, Owner, Version
from publisher.plan.diff import differences
from publisher.web.api.areas.calendar import LostShown
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import (
    Page,
    Paged,
    Sent,
    Shown,
    Slug,
    Texts,
    Values,
    cut,
    marked,
    seen,
)
from publisher.web.desk.entry.views import entry_called, owners_of

area = Area("Entries", "What the calendar’s entries say, and what they said before.")


class EntriesAsked(Paged):
    """What is looked for."""

    q: str = Field("", max_length=200, description="Part of a slug or title, in any case.")
    audience: Slug = ""
    message: Slug = ""
    organisation: Slug = Field("", description="One that it speaks for.")


class EntryLine(Shown):
    """An entry in a list."""

    slug: str
    title: Texts
    languages: list[str]
    audiences: list[str]
    messages: list[str]
    speaks_for: list[str]
    owner: str = Field(description="Whose word counts: its file’s or the desk’s.")
    changed_at: datetime


class EntryShown(Shown):
    """An entry with all that it says; the fields are those of its file's front matter."""

    slug: str
    says: Values
    path: str
    owner: Owner
    changed_at: datetime


class EntrySent(Sent):
    """An entry as it is to be."""

    says: Values = Field(
        description="As `read_entry` gives it; `slug` may be left out.",
        examples=[{
            "title": {"en": "A statement"}, "when": "2027-03-12 09:00", "zone": "Europe/Zurich",
            "audiences": ["members"], "messages": ["together"],
            "words": [{"language": "en", "words": "Words in *Markdown*."}],
        }],
    )  # fmt: skip
    uploaded: dict[str, str] = Field(
        default_factory=dict,
        max_length=50,
        description="The SHA-256 of each picture from `upload_picture`, by its `file`.",
    )


class Saved(Shown):
    """The entry that was written."""

    slug: str
    lost: list[LostShown] = Field(description="Placements whose yeses do not count any more.")


class Change(Shown):
    """One field that differs."""

    field: str
    old: object
    new: object


class VersionShown(Shown):
    """What an entry said from a moment on, and what that changed."""

    number: int
    at: datetime
    person: str = Field(description="Who changed it; empty: it came from the files.")
    taken_out: bool
    changes: list[Change]


@area.get("/entries", gives=Page[EntryLine])
def entries(
    request: HttpRequest, response: HttpResponse, asked: Query[EntriesAsked]
) -> dict[str, object]:
    """Give the entries of the plan in force, by slug."""
    rows = Entry.objects.filter(retired_at=None).order_by("slug")
    found = [_line(row) for row in rows if _wanted(row, asked)]
    return cut(request, response, found, asked, lambda one: str(one["slug"]))


@area.get("/entries/{slug:slug}", gives=EntryShown)
def read_entry(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, object]:
    """Give one entry with all that it says; its `ETag` is what a change is made from."""
    del request
    row = entry_called(slug)
    marked(response, row)
    return _shown(row)


@area.put("/entries/{slug:slug}", Act.EDIT, gives=Saved, needs_mark=True)
def write_entry(
    request: HttpRequest, response: HttpResponse, slug: str, said: EntrySent
) -> dict[str, object]:
    """Make an entry say this, or create it.

    What was approved and changes, needs a new yes: `lost` names it. Look first with `preview`.
    """
    row, now = Entry.objects.filter(slug=slug).first(), clock.now()
    mark = seen(request, row)
    says = {**said.says, "slug": slug}
    words = unsaved(says, uploaded=said.uploaded, now=now)
    falls = falling(words, now=now) if row else []
    before = [one["file"] for one in (row.spec.get("pictures") or [])] if row else []
    with transaction.atomic():
        uploads.place(said.uploaded)
        made = edit("entry", words.entry.model_dump(mode="json"), seen=mark, doer=doer(request),
                    now=now)  # fmt: skip
        uploads.release(before)
    marked(response, made)
    lost = [
        {"placement": one.placement.key, "organisations": one.organisations,
         "because": one.because}
        for one in falls
    ]  # fmt: skip
    return {"slug": slug, "lost": lost}


@area.delete("/entries/{slug:slug}", Act.EDIT, owners_of, status=204, needs_mark=True)
def take_entry_out(request: HttpRequest, slug: str) -> None:
    """Take an entry out of the plan; what was sent of it keeps its record."""
    mark = seen(request, entry_called(slug))
    take_out("entry", slug, seen=mark, doer=doer(request), now=clock.now())


@area.get("/entries/{slug:slug}/versions", gives=Page[VersionShown])
def entry_versions(
    request: HttpRequest, response: HttpResponse, slug: str, asked: Query[Paged]
) -> dict[str, object]:
    """Give every change that the desk or a program made, the latest first."""
    if not Entry.objects.filter(slug=slug).exists():
        raise Http404
    rows = list(Version.objects.filter(thing=f"entry/{slug}").select_related("person"))
    first = Entry.objects.get(slug=slug).applied
    before = [*(row.spec for row in rows[1:]), *([first] if rows else [])]
    found = [_version(row, old) for row, old in zip(rows, before, strict=True)]
    return cut(request, response, found, asked, lambda one: str(one["number"]))


@area.get("/entries/{slug:slug}/versions/{int:number}", gives=EntryShown)
def entry_version(request: HttpRequest, slug: str, number: int) -> dict[str, object]:
    """Give what an entry said once."""
    del request
    row = entry_called(slug)
    version = Version.objects.filter(pk=number, thing=f"entry/{slug}").first()
    if version is None or version.spec is None:
        raise Http404
    return {**_shown(row), "says": version.spec, "changed_at": version.at}


def _wanted(row: Entry, asked: EntriesAsked) -> bool:
    part, said = asked.q.strip().casefold(), row.spec
    titles = (title.casefold() for title in said["title"].values())
    return (
        (not part or part in row.slug or any(part in title for title in titles))
        and (not asked.audience or asked.audience in said["audiences"])
        and (not asked.message or asked.message in said["messages"])
        and (not asked.organisation or asked.organisation in said.get("speaks_for", []))
    )


def _line(row: Entry) -> dict[str, object]:
    said = row.spec
    return {
        "slug": row.slug,
        "title": said["title"],
        "languages": list(dict.fromkeys(one["language"] for one in said["words"])),
        "audiences": said["audiences"],
        "messages": said["messages"],
        "speaks_for": said.get("speaks_for", []),
        "owner": row.owner,
        "changed_at": row.changed_at,
    }


def _shown(row: Entry) -> dict[str, object]:
    names = ("slug", "path", "owner", "changed_at")
    return {**{name: getattr(row, name) for name in names}, "says": row.spec}


def _version(row: Version, old: Values | None) -> dict[str, object]:
    changes = differences(old, row.spec) if old and row.spec else ()
    return {
        "number": row.pk,
        "at": row.at,
        "person": row.person.username if row.person else "",
        "taken_out": row.spec is None,
        "changes": list(changes),
    }
