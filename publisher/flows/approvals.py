"""What waits for a yes: each entry's words, whose yes is said and whose is owed, and what fell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F

from publisher.flows.approve import speakers, yeses_missing
from publisher.flows.frozen import with_files
from publisher.flows.prepare import prepare
from publisher.flows.waiting import NAMES, UNDECIDED
from publisher.models import Approval, Occurrence, Placement, PlacementState, Rendition, Vote
from publisher.models.content import Content
from publisher.models.errors import Refused
from publisher.render.holes import SAMPLES
from publisher.render.rendition import attachments, fill


@dataclass(frozen=True, kw_only=True)
class Light:
    """What one organisation said last of some words."""

    organisation: str  #: slug
    vote: str  #: a `Vote`; empty: nothing yet
    person: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """The same words, wherever they go: one thing to read and to vote on."""

    sha256: str  #: empty while they cannot be rendered
    form: str
    language: str
    placements: tuple[Placement, ...]
    lights: tuple[Light, ...]  #: the outlets' organisations and those it speaks for
    fell: tuple[Light, ...]  #: votes on what it said before
    problem: str
    #: with samples where a reader's own values will stand; empty while it cannot be rendered
    parts: Mapping[str, str]
    files: tuple[str, ...]  #: the names of those that go with it

    @property
    def owed(self) -> tuple[str, ...]:
        """The organisations whose yes is missing."""
        return tuple(light.organisation for light in self.lights if light.vote != Vote.YES)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An occurrence some of whose words wait for a yes."""

    entry: str
    title: Mapping[str, str]
    occurrence: str
    due_at: datetime | None  #: of what is due first; None until the launch
    missed: bool  #: it was due without every yes: somebody decides
    owed: tuple[str, ...]
    words: int  #: how many different words wait


def waiting(*, organisations: Iterable[str] | None = None) -> list[Waiting]:
    """Give the occurrences that wait for a yes, what is due first on top.

    Nothing is rendered for it: words that were never rendered wait for every yes.

    Args:
        organisations: those whose owed yes counts, by slug; None: all.
    """
    rows = list(
        Placement.objects.filter(state__in=UNDECIDED, occurrence__entry__retired_at=None)
        .only("occurrence_id", "state", "due_at", "rendition_id")
        .order_by(F("due_at").asc(nulls_last=True), "occurrence__entry__slug", "id")
    )
    owed = yeses_missing(rows)
    wanted = None if organisations is None else set(organisations)
    found: dict[int, list[Placement]] = defaultdict(list)
    for row in rows:
        if (wanted is None and owed[row.pk]) or (wanted and wanted & set(owed[row.pk])):
            found[row.occurrence_id].append(row)
    named = Occurrence.objects.filter(pk__in=found).values_list(
        "pk", "key", "entry__slug", "entry__spec__title"
    )
    names = {pk: _Named(*name) for pk, *name in named}
    return [_waiting(names[pk], many, owed) for pk, many in found.items()]


class _Named(NamedTuple):
    """What an occurrence is called, without its entry's words: there may be thousands."""

    key: str
    entry: str
    title: Mapping[str, str]


def _waiting(name: _Named, rows: Sequence[Placement], owed: Mapping[int, list[str]]) -> Waiting:
    return Waiting(
        entry=name.entry,
        title=name.title,
        occurrence=name.key,
        due_at=rows[0].due_at,
        missed=any(row.state == PlacementState.MISSED for row in rows),
        owed=tuple(sorted({slug for row in rows for slug in owed[row.pk]})),
        words=len({(row.rendition_id or row.pk) for row in rows}),
    )


def words_of(entry: str, occurrence: str, *, now: datetime) -> list[Words]:
    """Give what an occurrence says, rendered as it would go out, with who said what of it.

    Raises:
        Refused: there is no such occurrence, or nothing of it waits.
    """
    rows = list(
        Placement.objects.filter(
            occurrence__entry__slug=entry, occurrence__key=occurrence, state__in=UNDECIDED
        )
        .select_related(*NAMES)
        .order_by("outlet__channel__slug", "language", "outlet__slug", "audience__slug")
    )
    if not rows:
        raise Refused(f"Nothing of “{entry}” waits for a yes.")
    prepare(rows, now=now)
    groups: dict[tuple[str, tuple[str, ...]], list[Placement]] = defaultdict(list)
    for row in rows:
        groups[row.rendition_id or f"none {row.pk}", tuple(speakers(row))].append(row)
    votes = _votes(rows)
    contents = _contents(rows)
    return [_words(many, whose, votes, contents) for (_, whose), many in groups.items()]


def _contents(rows: Iterable[Placement]) -> dict[str, Content]:
    wanted = {row.rendition_id for row in rows if row.rendition_id}
    kept = Rendition.objects.in_bulk(wanted)
    read = with_files(Content.from_json(row.content) for row in kept.values())
    return dict(zip(kept, read, strict=True))


def _votes(rows: Iterable[Placement]) -> dict[int, list[Approval]]:
    """Give every vote on each placement, the latest first."""
    found: dict[int, list[Approval]] = defaultdict(list)
    said = Approval.objects.filter(placement__in=[row.pk for row in rows])
    for vote in said.select_related("organisation", "person").order_by("-at", "-id"):
        found[vote.placement_id].append(vote)
    return found


def _words(
    rows: Sequence[Placement],
    whose: Sequence[str],
    votes: Mapping[int, list[Approval]],
    contents: Mapping[str, Content],
) -> Words:
    first = rows[0]
    content = contents.get(first.rendition_id or "")
    return Words(
        sha256=first.rendition_id or "",
        form=first.outlet.channel.said.form,
        language=first.language,
        placements=tuple(rows),
        lights=tuple(_light(slug, rows, votes) for slug in whose),
        fell=tuple(_fell(first, votes.get(first.pk, []))),
        problem=first.problem,
        parts=fill(content, SAMPLES) if content else {},
        files=tuple(file.filename for file in attachments(content, SAMPLES)) if content else (),
    )


def _light(slug: str, rows: Sequence[Placement], votes: Mapping[int, list[Approval]]) -> Light:
    """Give a vote only when it was said of every placement of these words."""
    last = [
        next(
            (
                vote
                for vote in votes.get(row.pk, [])
                if vote.organisation.slug == slug and vote.rendition_id == row.rendition_id
            ),
            None,
        )
        for row in rows
    ]
    said = {vote.vote for vote in last if vote}
    if len(said) != 1 or None in last or last[0] is None:
        return Light(organisation=slug, vote="")
    return _told(last[0])


def _fell(row: Placement, votes: Iterable[Approval]) -> Iterable[Light]:
    """Give the yeses that counted until the words changed, one an organisation."""
    still = {vote.organisation_id for vote in votes if vote.rendition_id == row.rendition_id}
    seen = set(still)
    for vote in votes:
        if vote.organisation_id not in seen and vote.vote == Vote.YES:
            seen.add(vote.organisation_id)
            yield _told(vote)


def _told(vote: Approval) -> Light:
    return Light(
        organisation=vote.organisation.slug,
        vote=vote.vote,
        person=vote.person.called,
        at=vote.at,
        reason=vote.reason,
    )
