"""What is worth knowing of rendered words beside what would be refused: a hint, never a hurdle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from publisher.kit import markup
from publisher.kit.text import graphemes
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import PlanError
from publisher.render.checks import LONGEST_MAIL
from publisher.render.colours import contrast
from publisher.render.reading_ease import FORMULAS, HARD, reading_ease
from publisher.render.variants import chosen
from publisher.render.web_addresses import addresses

#: in letters; http://kb.mailchimp.com/campaigns/previews-and-tests/best-practices-for-email-subject-lines
GOOD_SUBJECT = 50


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One hint; the sentence is the interface's own, in the language of who looks."""

    what: str  #: `subject`, `size`, `ease`, `no_formula`, `few_words`, `alt`, `contrast`
    level: Literal["good", "care", "told"]
    values: Mapping[str, object] = field(default_factory=dict)


def advice(cell: Cell, content: Content, parts: Mapping[str, str]) -> list[Advice]:
    """Look at one cell.

    Args:
        cell: what was rendered.
        content: of it.
        parts: with samples where a reader's own values stand.
    """
    return [
        *_subject(parts),
        *_ease(cell),
        *_pictures(content),
        *_contrast(cell),
        *_size(parts),
    ]


def links(parts: Mapping[str, str], *, own: str) -> list[str]:
    """Give the web addresses that words link to, each once; our own are left out.

    Args:
        parts: of one reader's copy.
        own: the beginning of our own addresses.
    """
    found: dict[str, None] = dict.fromkeys(_hrefs(parts.get("html", "")))
    for name, part in parts.items():
        if name.isdecimal() or name == "link":
            found |= {part[start:end]: None for start, end in addresses(part, bare=False)}
    return [
        url for url in found if url.startswith(("http://", "https://")) and not url.startswith(own)
    ]


def _subject(parts: Mapping[str, str]) -> Iterator[Advice]:
    if subject := parts.get("subject", ""):
        letters = graphemes(subject)
        level: Literal["good", "care"] = "good" if letters <= GOOD_SUBJECT else "care"
        values = {"letters": letters, "most": GOOD_SUBJECT}
        yield Advice(what="subject", level=level, values=values)


def _ease(cell: Cell) -> Iterator[Advice]:
    if cell.language.split("-", maxsplit=1)[0] not in FORMULAS:
        yield Advice(what="no_formula", level="told")
        return
    try:
        ease = reading_ease(_text(chosen(cell).markdown), cell.language)
    except (PlanError, RecursionError):
        return
    if ease is None:
        yield Advice(what="few_words", level="told")
    else:
        level: Literal["good", "care"] = "good" if ease >= HARD else "care"
        yield Advice(what="ease", level=level, values={"figure": round(ease)})


def _text(markdown: str) -> str:
    read = markup.tokens(markdown)
    return "\n\n".join(markup.inner_text(token) for token in read if token.type == "inline")


def _pictures(content: Content) -> Iterator[Advice]:
    if content.pictures:
        said = sum(bool(picture.alt.strip()) for picture in content.pictures)
        level: Literal["good", "care"] = "good" if said == len(content.pictures) else "care"
        values = {"said": said, "count": len(content.pictures)}
        yield Advice(what="alt", level=level, values=values)


def _contrast(cell: Cell) -> Iterator[Advice]:
    brand = cell.organisation.brand
    try:
        found = contrast(brand.get("main", "#1f3a5f"), brand.get("ink", "#ffffff"))
    except (ValueError, IndexError):
        return  # a colour that is none is a problem, which the check says
    level: Literal["good", "care"] = "good" if found >= 4.5 else "care"
    values = {"organisation": cell.organisation.short, "ratio": f"{found:.1f}"}
    yield Advice(what="contrast", level=level, values=values)


def _size(parts: Mapping[str, str]) -> Iterator[Advice]:
    if "subject" in parts and (size := len(parts.get("html", "").encode())):
        level: Literal["good", "care"] = "good" if size <= 0.8 * LONGEST_MAIL else "care"
        values = {"size": round(size / 1000), "most": LONGEST_MAIL // 1000}
        yield Advice(what="size", level=level, values=values)


def _hrefs(html: str) -> list[str]:
    reader = _Hrefs()
    reader.feed(html)
    return reader.found


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href.strip())
