"""What the form's buttons do; each answers with the form, so that nothing typed is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from publisher.flows import drafts, links, trial, uploads
from publisher.flows.edit import Changed, edit, mark
from publisher.flows.falling import Fall, falling
from publisher.flows.reach import reach
from publisher.flows.unsaved import Unsaved, look, unsaved
from publisher.kit import clock
from publisher.models import Entry
from publisher.models.errors import PlanError, Problem, Refused
from publisher.models.specs.shared import SLUG
from publisher.render.advice import links as links_in
from publisher.render.prices import day_of_trial, price
from publisher.settings import settings
from publisher.web.desk.door import doer, person
from publisher.web.desk.entry.compared import compared
from publisher.web.desk.entry.sheet import Sheet, show
from publisher.web.desk.entry.showing import place_of
from publisher.web.desk.entry.typed import Typed, listed, renumbered, said_by
from publisher.web.desk.screen import spoken
from publisher.web.limits import Limit

#: a new entry's form
EMPTY: dict[str, Sequence[str]] = {
    "when": ["wall"],
    "late_after": ["1 day"],
    "words": ["0"],
    "words.0.language": ["en"],
    "words.0.words": [""],
}
#: what is uploaded stays, whether an entry shows it in the end or not
UPLOADS = Limit(times=60, seconds=3600)
Answer = Callable[[HttpRequest, Sheet, str, datetime], HttpResponse]


def create(request: HttpRequest) -> HttpResponse:
    """A new entry: an empty form, and what its buttons do."""
    if request.method != "POST":
        start = {name: [request.GET[name]] for name in ("at", "audiences") if name in request.GET}
        messages_served = request.GET.getlist("messages")
        typed = Typed({**EMPTY, **start, "messages": messages_served})
        kept = drafts.kept(person(request), "") if "draft" in request.GET else None
        if kept is not None:
            return show(request, Sheet(typed=Typed(kept.fields), beside={"resumed": True}))
        return show(request, Sheet(typed=typed))
    typed = Typed(dict(request.POST.lists()))
    return _acted(request, Sheet(typed=typed))


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """What a button of an entry's form does; saving is one of them."""
    row = Entry.objects.get(slug=slug)
    typed = Typed(dict(request.POST.lists()))
    return _acted(request, Sheet(typed=typed, row=row, seen=typed.one("seen")))


def _acted(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    verb, _, which = sheet.typed.one("do", "save").partition(":")
    answer = _ANSWERS.get(verb, _look)
    try:
        return answer(request, sheet, which, clock.now())
    except PlanError as error:
        return show(request, replace(sheet, problems=error.problems, status=422))
    except Refused as error:
        problem = Problem(path="", sentence=str(error))
        return show(request, replace(sheet, problems=[problem], status=422))


def _save(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    del which
    slug = _slug(sheet)
    said = said_by(sheet.typed, slug)
    words = unsaved(said, uploaded=sheet.typed.uploaded, now=now)
    falls = falling(words, now=now) if sheet.row else []
    if falls and sheet.typed.one("falls_seen") != _word_for(falls):
        beside = {"falls": falls, "falls_word": _word_for(falls)}
        return show(request, replace(sheet, beside=beside))
    try:
        with transaction.atomic():
            uploads.place(sheet.typed.uploaded)
            edit("entry", said, seen=sheet.seen, doer=doer(request), now=now)
            drafts.throw_away(person(request), sheet.row.slug if sheet.row else "")
            uploads.release(_pictures_before(sheet))
    except Changed:
        return _conflict(request, sheet, words)
    messages.success(request, spoken(request).say("desk.entry.saved"))
    return HttpResponseRedirect(reverse("desk-entry", args=[slug]))


def _slug(sheet: Sheet) -> str:
    """Give the slug to save under.

    Raises:
        PlanError: a new one's is none, or is taken.
    """
    slug = sheet.slug
    if sheet.row is not None:
        return slug
    wrong = ""
    if not SLUG.match(slug):
        wrong = "give it a short name of lower-case letters, digits and hyphens"
    elif Entry.objects.filter(slug=slug, retired_at=None).exists():
        wrong = f"there is an entry “{slug}” already; give it another short name"
    if wrong:
        raise PlanError([Problem(path="", field="slug", sentence=wrong)])
    return slug


def _pictures_before(sheet: Sheet) -> list[str]:
    if sheet.row is None:
        return []
    return [picture["file"] for picture in sheet.row.spec.get("pictures") or []]


def _conflict(request: HttpRequest, sheet: Sheet, words: Unsaved) -> HttpResponse:
    """Show what stands there now beside what was typed; nothing is lost on either side."""
    row = Entry.objects.filter(slug=words.entry.slug).first()
    if row is None or row.retired_at is not None:
        raise Refused("Somebody took this entry out of the plan meanwhile. Copy what you need.")
    mine = words.entry.model_dump(mode="json")
    conflict = {"seen": mark(row), "fields": compared(row.spec, mine)}
    return show(request, replace(sheet, row=row, beside={"conflict": conflict}, status=409))


def _look(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Show the form again, with the preview of what was typed."""
    del which
    words = unsaved(
        said_by(sheet.typed, sheet.slug or "new"), uploaded=sheet.typed.uploaded, now=now
    )
    falls = falling(words, now=now) if sheet.row else []
    return show(request, replace(sheet, beside={"falls": falls, "falls_word": ""}))


def _add(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Add empty words, or with a number a copy of those."""
    del now
    words = listed(sheet.typed, "words")
    copied = _at(words, which)
    new = (
        dict(words[copied]) if copied is not None else {"language": _unwritten(sheet), "words": ""}
    )
    place = len(words) if copied is None else copied + 1
    words.insert(place, new)
    typed = renumbered(sheet.typed, "words", words).with_values(unfolded=[str(place)])
    return show(request, replace(sheet, typed=typed))


def _unwritten(sheet: Sheet) -> str:
    """Give the first language that has a title and no words; else English."""
    written = {one.get("language") for one in listed(sheet.typed, "words")}
    titled = sheet.typed.by_language("title")
    return next((language for language in titled if language not in written), "en")


def _remove(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Take words or a picture away: `words-1`, `pictures-0`."""
    del now
    name, _, number = which.partition("-")
    if name not in {"words", "pictures"}:
        raise Refused("There is nothing to take away.")
    kept = listed(sheet.typed, name)
    at = _at(kept, number)
    if at is not None:
        del kept[at]
    return show(request, replace(sheet, typed=renumbered(sheet.typed, name, kept)))


def _at(items: Sequence[object], number: str) -> int | None:
    return int(number) if number.isdecimal() and int(number) < len(items) else None


def _upload(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Keep the picture that was chosen, and give it a line of the form."""
    del which
    if not UPLOADS.allows(str(person(request).pk)):
        raise Refused("You uploaded many pictures a short while ago; wait a little.")
    file = request.FILES.get("picture")
    if not isinstance(file, UploadedFile):
        raise Refused("Choose a picture first.")
    if (file.size or 0) > uploads.MAX_BYTES:
        raise Refused(f"A picture has {uploads.MAX_BYTES // 1_000_000} MB at most.")
    name, digest = uploads.upload(file.name or "picture", file.read(), now=now)
    kept = [one for one in listed(sheet.typed, "pictures") if one.get("file") != name]
    kept.append({"file": name, "sha256": digest})
    return show(request, replace(sheet, typed=renumbered(sheet.typed, "pictures", kept)))


def _count(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Count whom it would reach, and what that costs."""
    del which
    words = unsaved(
        said_by(sheet.typed, sheet.slug or "new"), uploaded=sheet.typed.uploaded, now=now
    )
    rows = [
        {
            "reach": one,
            "cost": round(figure.value * one.readers, 2) if figure else None,
            "price": figure,
            "trial": day_of_trial(one.adapter),
        }
        for one in reach(words)
        for figure in [price(one.adapter)]
    ]
    return show(request, replace(sheet, beside={"reach": rows}))


def _test(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Send the cell that is shown to who asks, or only show it to the spam filter."""
    words = unsaved(
        said_by(sheet.typed, sheet.slug or "new"), uploaded=sheet.typed.uploaded, now=now
    )
    place = place_of(sheet.typed.one("cell"))
    if place is None:
        raise Refused("Choose which mail to test, above the preview.")
    trial.try_out(words, place, doer=doer(request), now=now, sends=which != "spam")
    messages.success(request, spoken(request).say("desk.entry.test_asked"))
    return show(request, sheet)


def _ask_links(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Have the links of the cell that is shown asked whether they answer."""
    del which
    words = unsaved(
        said_by(sheet.typed, sheet.slug or "new"), uploaded=sheet.typed.uploaded, now=now
    )
    place = place_of(sheet.typed.one("cell"))
    seen = look(words, place, now=now) if place else None
    if seen is None:
        raise Refused("Choose what to look at, above the preview.")
    links.have_asked(links_in(seen.parts, own=settings().site_url), now=now)
    return show(request, sheet)


def _keep(request: HttpRequest, sheet: Sheet, which: str, now: datetime) -> HttpResponse:
    """Keep it as a draft; the plan does not change."""
    del which
    drafts.keep(person(request), sheet.row.slug if sheet.row else "", _plain(sheet), now=now)
    messages.success(request, spoken(request).say("desk.entry.draft_kept"))
    return show(request, sheet)


def _plain(sheet: Sheet) -> dict[str, list[str]]:
    return {
        name: list(values)
        for name, values in sheet.typed.values.items()
        if name not in {"csrfmiddlewaretoken", "do"}
    }


def _word_for(falls: Sequence[Fall]) -> str:
    """Give a word that changes with what falls, so that only what was shown is agreed to."""
    told = sorted(f"{fall.placement.key} {fall.placement.rendition_id}" for fall in falls)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


_ANSWERS: dict[str, Answer] = {
    "save": _save,
    "look": _look,
    "add": _add,
    "remove": _remove,
    "upload": _upload,
    "count": _count,
    "test": _test,
    "links": _ask_links,
    "keep": _keep,
}
