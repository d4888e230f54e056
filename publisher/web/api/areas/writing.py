"""What helps to write: previews, remarks, tests to oneself, pictures."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest
from ninja import File, Query, UploadedFile
from pydantic import Field

from publisher.flows import remarks, trial, uploads
from publisher.flows.preview import Preview
from publisher.flows.reach import Reach, reach
from publisher.flows.unsaved import Unsaved, look, unsaved
from publisher.kit import clock
from publisher.models import Act, Comment, Trial
from publisher.models.errors import Refused
from publisher.schedule.matrix import Place
from publisher.web.api.areas.entries import EntrySent
from publisher.web.api.door import Area, doer
from publisher.web.api.problems import Denied
from publisher.web.api.shapes import Sent, Shown, Slug
from publisher.web.desk.door import person
from publisher.web.desk.entry.saving import UPLOADS
from publisher.web.desk.entry.views import entry_called, owners_of
from publisher.web.limits import Limit

area = Area("Writing", "Looking at words before they are saved, remarks on them, and pictures.")
#: rendering takes a while, and documents a process of their own
LOOKS = Limit(times=120, seconds=60)


class PlaceShown(Shown):
    """Where an entry goes: what makes a placement this one."""

    audience: str
    outlet: str
    language: str


class PlaceAsked(Sent):
    """One of the places where the entry goes; the first, if it is left out."""

    audience: Slug = ""
    outlet: Slug = ""
    language: str = Field("", max_length=12)


class ProblemShown(Shown):
    """One thing wrong with the words."""

    field: str
    sentence: str


class CountShown(Shown):
    """How long a post is in its network's own unit."""

    network: str
    unit: str
    counted: int
    max: int


class PreviewShown(Shown):
    """The words of one place as they would go out, with samples for a reader's own values."""

    places: list[PlaceShown] = Field(description="Everywhere the entry goes.")
    place: PlaceShown | None = Field(description="The one that is shown; null: it goes nowhere.")
    available: bool = Field(description="Whether its form is there.")
    parts: dict[str, str] = Field(description="Such as `subject`, `html` and `text`.")
    counts: dict[str, CountShown]
    problems: list[ProblemShown]


class Looked(EntrySent):
    """An entry as it might be, and which of its places to show."""

    place: PlaceAsked = Field(default_factory=PlaceAsked)


class ReachShown(Shown):
    """Whom an outlet would reach."""

    outlet: str
    audience: str
    language: str
    readers: int
    excluded: int = Field(description="In the audience, but without a consent, or served already.")


class RemarkShown(Shown):
    """A remark on an entry."""

    number: int
    text: str
    about: str
    line: int | None
    person: str
    at: datetime
    resolved_at: datetime | None


class RemarkSent(Sent):
    """A remark to be made."""

    text: str = Field(min_length=1, max_length=remarks.LONGEST)
    about: str = Field("", max_length=300, description="Which words, as `language=fr form=post`.")
    line: int | None = Field(None, ge=1, le=100_000, strict=True)


class Seen(Sent):
    """Whether a remark is seen to."""

    resolved: bool = Field(strict=True)


class TrialShown(Shown):
    """A test mail to the token's own person."""

    number: int
    outlet: str
    audience: str
    asked_at: datetime
    settled_at: datetime | None = Field(description="Null: it is on its way.")
    problem: str = Field(description="Why it did not go.")
    verdict: dict[str, object] = Field(description="What SpamAssassin says; empty: nothing.")


class TrialSent(Looked):
    """What to test."""

    sends: bool = Field(default=True, strict=True, description="False: only ask the spam filter.")


class PictureKept(Shown):
    """A picture that an entry may show from now on."""

    file: str = Field(description="Its name in `pictures` of an entry.")
    sha256: str


@area.get("/entries/{slug:slug}/preview", gives=PreviewShown)
def preview_entry(request: HttpRequest, slug: str, place: Query[PlaceAsked]) -> dict[str, object]:
    """Give the words of one place as they would go out now."""
    row = entry_called(slug)
    return _previewed(request, unsaved(row.spec, now=clock.now()), place)


@area.post("/entries/{slug:slug}/preview", Act.EDIT, gives=PreviewShown)
def preview_unsaved(request: HttpRequest, slug: str, said: Looked) -> dict[str, object]:
    """Give what the words would be if the entry said this; nothing is kept."""
    return _previewed(request, _unsaved(slug, said), said.place)


@area.post("/entries/{slug:slug}/reach", Act.EDIT, gives=list[ReachShown])
def count_reach(request: HttpRequest, slug: str, said: EntrySent) -> list[Reach]:
    """Count whom it would reach if the entry said this."""
    _refuse_too_many(request)
    return reach(_unsaved(slug, said))


@area.get("/entries/{slug:slug}/remarks", gives=list[RemarkShown])
def entry_remarks(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    """Give the remarks on an entry, the oldest first."""
    del request
    entry_called(slug)
    rows = Comment.objects.filter(entry=slug).select_related("person")
    return [_remark(row) for row in rows[:1000]]


@area.post("/entries/{slug:slug}/remarks", gives=RemarkShown, status=201)
def make_remark(request: HttpRequest, slug: str, said: RemarkSent) -> dict[str, object]:
    """Put a remark to an entry."""
    entry_called(slug)
    row = remarks.remark(slug, said.text, about=said.about, line=said.line, doer=doer(request),
                         now=clock.now())  # fmt: skip
    return _remark(row)


@area.put("/entries/{slug:slug}/remarks/{int:number}", gives=RemarkShown)
def see_to_remark(request: HttpRequest, slug: str, number: int, said: Seen) -> dict[str, object]:
    """Say that a remark is seen to, or not yet."""
    row = Comment.objects.filter(pk=number, entry=slug).first()
    if row is None:
        raise Http404
    if (row.resolved_at is not None) != said.resolved:
        remarks.see_to(number, slug, doer=doer(request), now=clock.now())
        row.refresh_from_db()
    return _remark(row)


@area.get("/entries/{slug:slug}/trials", gives=list[TrialShown])
def entry_trials(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    """Give one’s own last test mails of an entry."""
    entry_called(slug)
    return [_trial(row) for row in trial.recent(person(request), slug)]


@area.post("/entries/{slug:slug}/trials", Act.EDIT, owners_of, gives=TrialShown, status=202)
def test_mail(request: HttpRequest, slug: str, said: TrialSent) -> dict[str, object]:
    """Have the words of one place sent to the token’s own person; no figure counts it."""
    words = _unsaved(slug, said)
    place = _place(words, said.place)
    if place is None:
        raise Refused("The entry goes nowhere, so there is nothing to test.")
    row = trial.try_out(words, place, doer=doer(request), now=clock.now(), sends=said.sends)
    return _trial(row)


@area.post("/pictures", Act.EDIT, gives=PictureKept, status=201)
def upload_picture(request: HttpRequest, picture: File[UploadedFile]) -> dict[str, str]:
    """Keep a picture, to be shown by an entry that is written next."""
    if not UPLOADS.allows(str(person(request).pk)):
        raise Denied("too-many", headers={"Retry-After": "60"})
    if (picture.size or 0) > uploads.MAX_BYTES:
        raise Denied("too-long", f"A picture has {uploads.MAX_BYTES // 1_000_000} MB at most.")
    name, digest = uploads.upload(picture.name or "picture", picture.read(), now=clock.now())
    return {"file": name, "sha256": digest}


def _unsaved(slug: str, said: EntrySent) -> Unsaved:
    return unsaved({**said.says, "slug": slug}, uploaded=said.uploaded, now=clock.now())


def _previewed(request: HttpRequest, words: Unsaved, asked: PlaceAsked) -> dict[str, object]:
    _refuse_too_many(request)
    place = _place(words, asked)
    found = look(words, place, now=clock.now()) if place else None
    return {"places": words.places, "place": place, **_looked(found)}


def _looked(found: Preview | None) -> dict[str, object]:
    if found is None:
        return {"available": False, "parts": {}, "counts": {}, "problems": []}
    names = ("available", "parts", "counts", "problems")
    return {name: getattr(found, name) for name in names}


def _place(words: Unsaved, asked: PlaceAsked) -> Place | None:
    """Give the first place that is meant.

    Raises:
        Http404: the entry does not go there.
    """
    places = words.places
    wanted = asked.model_dump()
    for place in places:
        if all(getattr(place, name) == value for name, value in wanted.items() if value):
            return place
    if places:
        raise Http404
    return None


def _refuse_too_many(request: HttpRequest) -> None:
    if not LOOKS.allows(str(person(request).pk)):
        raise Denied("too-many", headers={"Retry-After": "60"})


def _remark(row: Comment) -> dict[str, object]:
    names = ("text", "about", "line", "at", "resolved_at")
    said = {name: getattr(row, name) for name in names}
    return {**said, "number": row.pk, "person": row.person.username}


def _trial(row: Trial) -> dict[str, object]:
    names = ("outlet", "audience", "asked_at", "settled_at", "problem", "verdict")
    return {**{name: getattr(row, name) for name in names}, "number": row.pk}
