"""Why nobody would hear an entry."""

from __future__ import annotations

from publisher.models.specs import EntrySpec, OutletSpec
from publisher.schedule.matrix import Matrix


def why_nobody(matrix: Matrix, entry: EntrySpec) -> str:
    """Say in a sentence why an entry has no cell; an empty string if it has one."""
    if next(iter(matrix.places(entry)), None):
        return ""
    return f"nobody would hear it: {_reason(matrix, entry)}"


def _reason(matrix: Matrix, entry: EntrySpec) -> str:
    heard = [
        (row.audience, offer.channel)
        for row in matrix.rows(())
        if row.audience in entry.audiences and row.message in entry.messages
        for offer in row.offers
    ]
    if not heard:
        return (
            "none of its audiences hears any of its messages; add a row to `hears:` of an "
            "audience, or name other messages"
        )
    through = ", ".join(sorted({channel for _, channel in heard}))
    wanted = [one for one in heard if not entry.channels or one[1] in entry.channels]
    if not wanted:
        return f"its audiences hear its messages through {through}, and its channels are others"
    outlets = [outlet for one in wanted for outlet in matrix.chosen(*one)]
    if not outlets:
        channels = ", ".join(sorted({channel for _, channel in wanted}))
        return f"no organisation chose an outlet on {channels} for its audiences; add a choice"
    return _words(entry, outlets)


def _words(entry: EntrySpec, outlets: list[OutletSpec]) -> str:
    spoken = sorted({language for outlet in outlets for language in outlet.languages})
    return (
        f"it has words in {', '.join(entry.languages)} and the chosen outlets speak "
        f"{', '.join(spoken)}; no block has words that fit one of them"
    )
