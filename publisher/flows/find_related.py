"""For a title and scope: the related work items of the other organisations, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from publisher.flows.alike_titles import Match, alike_titles, weights
from publisher.kit.nearest import meant
from publisher.landscape import identifiers
from publisher.landscape.reasons import Known, Reason, reasons, same_by_identifier
from publisher.landscape.similarity import Title, likeness
from publisher.models import IndexedTitle, Organisation, WorkItem, WorkItemState
from publisher.models.errors import Refused

_LEAST = 0.15  #: below this score a likeness is chance

Kind = Literal["twin", "related"]


@dataclass(frozen=True, kw_only=True)
class Related:
    """A work item that is like the one asked about."""

    organisation: str
    identifier: str
    title: str
    kind: Kind
    by: Literal["identifier", "words"]  #: what makes it a twin, or related
    score: float  #: 0 to 1, by words alone
    reasons: tuple[str, ...]  #: in English
    why: tuple[Reason, ...]  #: the same, to be said in any language
    state: str
    stage: str
    committees: tuple[str, ...]
    ics: tuple[str, ...]
    published: str
    url: str
    conflicts: dict[str, list[str]]  #: other titles of this identifier, by source
    unconfirmed: bool = False  #: proposed on our form, and no secretariat has confirmed it


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What was found, and in what, so that “nothing” can be said with what was searched."""

    title: str
    scope: str
    titles: int  #: how many titles were searched
    organisations: tuple[str, ...]  #: whose
    found: tuple[Related, ...]  #: twins by identifier first, then by score


def find_related(
    title: str,
    *,
    scope: str = "",
    organisation: str = "",
    most: int = 10,
    proposed: bool = False,
) -> Searched:
    """Find what is like a proposal.

    Args:
        title: its title, or the identifier of a work item that is known.
        scope: what it is about, in more words.
        organisation: the slug of whose proposal it is; its own items are left out.
        most: how many to give.
        proposed: these are words for new work, even where they are an identifier.

    Raises:
        Refused: there are no words to search by, or the organisation is not known.
    """
    item = None if proposed else _known_item(title, organisation)
    owner = item.organisation if item else _owner(organisation)
    asked = Title(text=item.title if item else title)
    scope = scope or (item.scope if item else "")
    known = _known(item) if item else _proposed(title, scope)
    if not asked.words and not item and not known.works:
        raise Refused("There is no word in the title to search by.")
    others = [owner.pk] if owner else []
    matches = alike_titles(asked, scope, leave_out=others) if asked.words else []
    twins = _by_identifier(known, asked, leave_out=others)
    return Searched(
        title=asked.text,
        scope=scope,
        titles=IndexedTitle.objects.exclude(organisation__in=others).count(),
        organisations=_searched(others),
        found=tuple(_related(known, _joined(twins, matches)[:most])),
    )


def _known_item(title: str, organisation: str) -> WorkItem | None:
    """Give the newest edition of a work item, if its identifier stands for the title."""
    name = title.replace("\0", "").strip()
    items = WorkItem.objects.select_related("organisation")
    if organisation:
        items = items.filter(organisation__slug=organisation)
    exact = items.filter(identifier=name).first()
    if exact:
        return exact
    if identifiers.split(name)[1]:
        return None  # there are words after the identifier, or nothing but words
    return _newest(items.filter(works__overlap=list(identifiers.work(name))))


def _owner(slug: str) -> Organisation | None:
    if not slug:
        return None
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        slugs = list(Organisation.objects.values_list("slug", flat=True))
        raise Refused(f"“{slug}” is no organisation of the plan{meant(slug, slugs)}")
    return found


def _known(item: WorkItem) -> Known:
    return Known(
        identifier=item.identifier,
        works=item.works,
        same_as=item.same_as,
        mentions=item.mentions,
        ics=item.ics,
        conflicts=item.conflicts,
    )


def _proposed(title: str, scope: str) -> Known:
    """Read what a proposal's words name: `ITU-T X.509 | ISO/IEC 9594-8` names two works."""
    first, _ = identifiers.split(title)
    works = identifiers.work(first) if first else ()
    joined = identifiers.works_in(title) if "|" in title else ()
    return Known(
        identifier=first or "The proposal",
        works=works,
        same_as=tuple(work for work in joined if work not in works),
        mentions=identifiers.works_in(f"{title} {scope}"),
    )


def _searched(leave_out: Collection[int]) -> tuple[str, ...]:
    owners = Organisation.objects.filter(work_items__isnull=False).exclude(pk__in=leave_out)
    return tuple(owners.order_by("slug").distinct().values_list("slug", flat=True))


def _by_identifier(known: Known, asked: Title, *, leave_out: Collection[int]) -> list[Match]:
    """Give the works that are recorded as the same document."""
    mine, theirs = list(known.works), list(known.same_as)
    items = WorkItem.objects.exclude(organisation__in=leave_out).filter(missing_since=None)
    items = items.filter(Q(works__overlap=[*mine, *theirs]) | Q(same_as__overlap=[*mine, *theirs]))
    newest = [_newest(group) for group in _grouped(items).values()]
    titles = {item.pk: Title(text=item.title) for item in newest if item}
    worth = weights({*asked.words, *(word for one in titles.values() for word in one.words)})
    made = []
    for item in newest:
        if item and same_by_identifier(known, _known(item)):
            alike = likeness(asked, titles[item.pk], worth)
            made.append(
                Match(
                    organisation=item.organisation_id,
                    work=item.work,
                    item=item.pk,
                    alike=alike,
                    score=alike.score,
                )
            )
    return made


def _joined(twins: Sequence[Match], matches: Sequence[Match]) -> list[Match]:
    """Put the twins by identifier first, each with the score of its most alike title."""
    best = {(match.organisation, match.work): match for match in matches}
    first = {(twin.organisation, twin.work): twin for twin in twins}
    said = [max(twin, best.get(key, twin), key=_score) for key, twin in first.items()]
    rest = [one for key, one in best.items() if key not in first and one.score >= _LEAST]
    return [*sorted(said, key=_score, reverse=True), *rest]


def _score(match: Match) -> float:
    return match.score


def _related(known: Known, matches: Sequence[Match]) -> Iterator[Related]:
    wanted = Q(pk__in=[match.item for match in matches])
    for match in matches:
        wanted |= Q(organisation=match.organisation, work=match.work)
    rows = WorkItem.objects.filter(wanted, missing_since=None).select_related("organisation")
    items = rows if matches else []
    grouped = _grouped(items)
    for match in matches:
        item = _newest(grouped[match.organisation, match.work])
        if item:
            yield _told(known, match, item)


def _told(known: Known, match: Match, item: WorkItem) -> Related:
    there = _known(item)
    by_identifier = bool(same_by_identifier(known, there))
    why = reasons(known, there, match.alike)
    return Related(
        organisation=item.organisation.slug,
        identifier=item.identifier,
        title=item.title,
        kind="twin" if by_identifier or match.alike.twins else "related",
        by="identifier" if by_identifier else "words",
        score=round(match.score, 3),
        reasons=tuple(reason.text() for reason in why),
        why=why,
        state=item.state,
        stage=item.stage,
        committees=tuple(item.committees),
        ics=tuple(item.ics),
        published=item.published,
        url=item.url,
        conflicts=item.conflicts,
        unconfirmed=item.unconfirmed,
    )


def _grouped(items: Iterable[WorkItem]) -> dict[tuple[int, str], list[WorkItem]]:
    groups: dict[tuple[int, str], list[WorkItem]] = defaultdict(list)
    for item in items:
        groups[item.organisation_id, item.work].append(item)
    return groups


def _newest(items: Iterable[WorkItem]) -> WorkItem | None:
    """Choose which edition stands for a work: whole documents, in force or on their way, last."""
    return max(items, key=_standing, default=None)


def _standing(item: WorkItem) -> tuple[bool, bool, bool, str, str]:
    said = identifiers.identifier(item.identifier)
    gone = item.state in {WorkItemState.WITHDRAWN, WorkItemState.CANCELLED}
    amends = bool(said and said.amendment)
    return not amends, not gone, bool(item.title), item.published, item.identifier
