"""A board paper's sections, found by their headings in the officer's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from publisher.kit import markup

#: what a paper has, each with the label that its heading says; the last may be missing
SECTIONS = ("decision_sought", "background", "recommendation", "annexes")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section: its heading, and the Markdown below it."""

    name: str  #: of `SECTIONS`, or empty: an officer's own
    heading: str
    markdown: Markup


def sections(markdown: str, labels: Mapping[str, str]) -> tuple[Markup, list[Section]]:
    """Cut words at their headings of level 2, and give what stands before the first apart."""
    lines = markdown.splitlines(keepends=True)
    found = _headings(markdown)
    first = found[0][0] if found else len(lines)
    named = {labels[name].casefold(): name for name in SECTIONS}
    made = []
    for at, (_, after, heading) in enumerate(found):
        end = found[at + 1][0] if at + 1 < len(found) else len(lines)
        text = "".join(lines[after:end]).strip()
        made.append(
            Section(
                name=named.get(heading.strip().casefold(), ""),
                heading=heading,
                markdown=Markup(text),  # noqa: S704  # Markdown, not HTML
            )
        )
    return Markup("".join(lines[:first]).strip()), made  # noqa: S704  # likewise


def missing(found: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Give the headings that a paper must have and these headings are not."""
    there = {heading.strip().casefold() for heading in found}
    return [labels[name] for name in SECTIONS[:-1] if labels[name].casefold() not in there]


def headings(markdown: str) -> list[str]:
    """Give the words of the headings of level 2, in order."""
    return [heading for _, _, heading in _headings(markdown)]


def _headings(markdown: str) -> list[tuple[int, int, str]]:
    """Give each heading of level 2 with its first line and the one after it, from 0."""
    read = markup.tokens(markdown)
    return [
        (token.map[0], token.map[1], markup.inner_text(read[at + 1]))
        for at, token in enumerate(read)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map
    ]
