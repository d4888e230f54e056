"""The screen of one entry: the form, how it will look, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from publisher.flows import drafts, trial
from publisher.flows.approve import yeses_missing
from publisher.flows.edit import mark
from publisher.flows.rights import may, may_change
from publisher.flows.spam import has_spam_filter
from publisher.flows.standing import standing
from publisher.flows.unsaved import Unsaved, unsaved
from publisher.flows.waiting import UNDECIDED
from publisher.kit import clock
from publisher.kit.pictures import ENDINGS, ending
from publisher.models import Act, Comment, Entry, Occurrence, Picture, Placement
from publisher.models.errors import PlanError, Problem
from publisher.render.rendition import forms
from publisher.web.desk.door import person
from publisher.web.desk.entry.options import options
from publisher.web.desk.entry.repeats import Say, in_plain_words, next_days
from publisher.web.desk.entry.showing import shown_cell
from publisher.web.desk.entry.typed import SELECTORS, Typed, fields_of, said_by
from publisher.web.desk.screen import screen, spoken


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the screen shows."""

    typed: Typed
    row: Entry | None = None  #: none: it is not in the plan yet
    seen: str = ""  #: the mark of what the form was made from
    problems: Sequence[Problem] = ()
    #: what one more look is at, such as `falls` or `conflict`; see the screen
    beside: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200

    @property
    def slug(self) -> str:
        """The entry's, or what was typed for a new one's."""
        return self.row.slug if self.row else self.typed.one("slug").strip()


def show(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Render the screen."""
    now, said, stands = clock.now(), spoken(request), standing()
    words, problems = _unsaved(sheet, now)
    found = fields_of(problems)
    plain = in_plain_words(sheet.typed.one("repeat"), said.say, said.tag)
    begins = words.at_local if words else None
    return screen(
        request,
        "entry/entry",
        at="entries",
        status=sheet.status,
        sheet=sheet,
        form=sheet.typed,
        slug=sheet.slug if sheet.row else "new",
        entry=words.entry if words else None,
        wrong=found,
        problems=[sentence for sentences in found.values() for sentence in sentences],
        options=options(stands, sheet.typed, words.entry if words else None, said.tag),
        repeat=plain,
        days=next_days(sheet.typed.one("repeat"), begins, now) if plain else [],
        missing=_missing_languages(words) if words else [],
        may_edit=_may_edit(request, sheet),
        tools_form="entry-form" if _may_edit(request, sheet) else "cell-form",
        spam_filter=has_spam_filter(),
        unfolded=[sheet.typed.one("unfolded")],
        thumbs=_thumbs(sheet.typed, words),
        as_saved=bool(words and sheet.row and words.entry == sheet.row.said),
        **shown_cell(request, sheet.typed, words, now=now),
        **_company(request, sheet.row.slug if sheet.row else "", said.say, now),
        **{**_NOTHING, **sheet.beside},
    )


#: what `Sheet.beside` may fill
_NOTHING: Mapping[str, Any] = {
    "resumed": False,
    "falls": None,
    "falls_word": "",
    "conflict": None,
    "reach": None,
    "old_version": None,
}


def fresh(row: Entry, typed: Typed, **more: Any) -> Sheet:  # noqa: ANN401  # fields of Sheet
    """Give a sheet made from what an entry says now."""
    return Sheet(typed=typed, row=row, seen=mark(row), **more)


def _unsaved(sheet: Sheet, now: datetime) -> tuple[Unsaved | None, list[Problem]]:
    """Read the form; what is wrong is said where somebody asked, not while it is filled in."""
    try:
        words = unsaved(
            said_by(sheet.typed, sheet.slug or "new"), uploaded=sheet.typed.uploaded, now=now
        )
    except PlanError:
        return None, list(sheet.problems)
    return words, list(sheet.problems)


def _thumbs(typed: Typed, words: Unsaved | None) -> dict[str, str]:
    """Give the addresses of the pictures, by the entry's name for each."""
    known = dict(words.pictures) if words else {}
    found = {name: (one.sha256, one.media_type) for name, one in known.items()}
    if not words:
        rows = Picture.objects.in_bulk(set(typed.uploaded.values()))
        found = {
            name: (digest, rows[digest].media_type)
            for name, digest in typed.uploaded.items()
            if digest in rows
        }
    return {
        name: f"/pictures/{digest}{ending(media_type)}"
        for name, (digest, media_type) in found.items()
        if media_type in ENDINGS
    }


def _may_edit(request: HttpRequest, sheet: Sheet) -> bool:
    who = person(request)
    return may_change(who, Act.EDIT, "entry", sheet.row.spec) if sheet.row else may(who, Act.EDIT)


def _missing_languages(words: Unsaved) -> list[str]:
    """Give the languages that outlets speak and nobody wrote in."""
    goes_to = words.stands.matrix.outlets(words.entry)
    spoken_there = {language for outlet in goes_to for language in outlet.languages}
    return sorted(spoken_there - set(words.entry.languages))


def _company(request: HttpRequest, slug: str, say: Say, now: datetime) -> dict[str, Any]:
    """Give what stands beside the words: remarks, tests, the draft, and whose yes is owed."""
    who = person(request)
    occurrence = _next(slug, now)
    rows = Placement.objects.filter(occurrence=occurrence, state__in=UNDECIDED)
    owed = yeses_missing(rows) if occurrence else {}
    return {
        **remarks_on(slug, say),
        "tests": trial.recent(who, slug),
        "draft": drafts.kept(who, slug),
        "occurrence": occurrence,
        "owed": sorted({one for missing in owed.values() for one in missing}),
    }


def remarks_on(slug: str, say: Say) -> dict[str, Any]:
    """Give the remarks on an entry, and which of its words one can be about."""
    row = Entry.objects.filter(slug=slug).first()
    return {
        "comments": Comment.objects.filter(entry=slug).select_related("person", "resolved_by"),
        "abouts": [label(words) for words in row.spec["words"]] if row else [],
        "form_names": {name: say(f"desk.entry.forms.{name.replace('-', '_')}") for name in forms()},
    }


def label(words: Mapping[str, Any]) -> str:
    """Name words as a file does: `language=fr form=post`."""
    said = [(name, words.get(name)) for name in SELECTORS]
    return " ".join(f"{name}={value}" for name, value in said if value)


def _next(slug: str, now: datetime) -> Occurrence | None:
    rows = Occurrence.objects.filter(entry__slug=slug, placements__state__in=UNDECIDED).distinct()
    coming = rows.filter(due_at__gte=now).order_by("due_at").first()
    return coming or rows.order_by("-due_at").first()
