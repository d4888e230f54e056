"""Titles in the index that are like a given one: PostgreSQL finds them, `landscape` weighs them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from publisher.flows import landscape_sql as statements
from publisher.landscape import normalise
from publisher.landscape.similarity import Likeness, Title, Weights, likeness, scopes_alike
from publisher.models import IndexedWord, WorkItem

#: Words that stand in more titles than this, together, bring no candidates; they are only weighed.
_ROWS = 3000
_CANDIDATES = 60
_WORDS = 40  #: of a title, the most telling; more is no title
_SCOPE_WORDS = 12  #: of a scope, the most telling, that bring candidates
_SCOPE_SHARE = 0.2  #: of the score, where both have a scope


@dataclass(frozen=True, kw_only=True)
class Match:
    """A work, and the title of it that is most alike."""

    organisation: int
    work: str
    item: int  #: one that has this title
    alike: Likeness
    score: float  #: 0 to 1; the titles' likeness, and that of the scopes if there are two


def weights(words: Collection[str]) -> Weights:
    """Give what these words are worth; any other counts as one that stands in one title."""
    rows = IndexedWord.objects.filter(word__in=[*words, ""]).values_list("word", "titles")
    counts = dict(rows)
    return Weights(titles=counts.pop("", 0), counts=counts)


def alike_titles(asked: Title, scope: str, *, leave_out: Collection[int]) -> list[Match]:
    """Give each work that has words in common, the most alike first.

    Args:
        asked: the title.
        scope: what it is about, in more words; may be empty.
        leave_out: organisations whose titles are not wanted.
    """
    about = normalise.words(scope)
    worth = weights({*asked.words, *about})
    by = _by(asked, about, worth)
    if not by:
        return []
    rows = _rows(by, worth, leave_out)
    # The words of the titles found are weighed too, not only those asked for.
    found = {item: Title(text=text) for _, _, item, text in rows}
    worth = weights({*asked.words, *about, *(word for one in found.values() for word in one.words)})
    scopes = _scopes(found) if about else {}
    best: dict[tuple[int, str], Match] = {}
    for organisation, work, item, _ in rows:
        alike = likeness(asked, found[item], worth)
        score = _with_scope(alike.score, about, scopes.get(item, ""), worth)
        known = best.get((organisation, work))
        if known is None or score > known.score:
            best[organisation, work] = Match(
                organisation=organisation, work=work, item=item, alike=alike, score=score
            )
    return sorted(best.values(), key=lambda match: (-match.score, match.work))


def _by(asked: Title, about: Sequence[str], worth: Weights) -> list[str]:
    """Choose the words that bring candidates: the rarest, as long as they bring few enough."""
    telling = sorted(set(about), key=lambda word: worth.counts.get(word, 0))
    words = {*asked.words[:_WORDS], *telling[:_SCOPE_WORDS]}
    chosen: list[str] = []
    rows = 0
    for word in sorted(words, key=lambda word: (worth.counts.get(word, 0), word)):
        often = worth.counts.get(word, 0)
        if chosen and rows + often > _ROWS:
            break
        if often:
            chosen.append(word)
            rows += often
    return chosen


def _rows(
    by: Sequence[str], worth: Weights, leave_out: Collection[int]
) -> list[tuple[int, str, int, str]]:
    any_of = " | ".join(_lexeme(word) for word in by)
    worths = [value for word in by for value in (_lexeme(word), worth.of(word) ** 2)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.BY_INDEX)
        cursor.execute(statements.candidates(len(by)), [any_of, [*leave_out], *worths, _CANDIDATES])
        return list(cursor.fetchall())


def _lexeme(word: str) -> str:
    """Quote a word as a lexeme: `normalise.words` are letters, digits and full stops."""
    return f"'{word}'"


def _scopes(items: Collection[int]) -> dict[int, str]:
    return dict(WorkItem.objects.filter(pk__in=items).values_list("pk", "scope"))


def _with_scope(score: float, about: Sequence[str], scope: str, worth: Weights) -> float:
    if not about or not scope:
        return score
    return (1 - _SCOPE_SHARE) * score + _SCOPE_SHARE * scopes_alike(
        about, normalise.words(scope), worth
    )
