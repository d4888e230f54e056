"""The menu's channels in the words of a cell, and what in it is none of them."""

from __future__ import annotations

import re

#: what people call each channel of the menu; the more particular first
_NAMES = {
    "wsc-website": r"\bWSC web\s?site|world standards cooperation web\s?site",
    "senior-report": r"regular reports?\b",
    "board-agenda-item": r"\bagenda\b",
    "new-work-item-form": r"\bN[WP]IPs?\b|new[- ]work[- ]item",
    "monthly-circulation": r"monthly circulation",
    "landscape-document": r"landscape documents?",
    "circular": r"circulars?\b|circulaire|циркуляр|通函",
    "newsletter": r"newsletters?|lettre d.information|bolet[ií]n|рассылк|نشرة|通讯",
    "blog": r"\bblogs?\b",
    "webinar": r"webinars?|webinaire|seminario web|вебинар|网络研讨会",
    "workshop": r"workshops?|atelier|taller|семинар|ورشة|讲习班",
    "meeting-presentation": r"presentations?|présentation|presentaci[oó]n|презентац|عرض",
    "board-report": r"\breports?\b|\brapport|\binforme|отчет|отчёт|تقرير|报告",
    "x": r"\btwitter\b|(?<!\w)X(?!\w)",
    "facebook": r"facebook",
    "linkedin": r"linked\s?in",
    "mastodon": r"mastodon",
    "bluesky": r"bluesky",
    "feed": r"\bRSS\b|\bfeeds?\b",
    "website": r"web\s?site|web\s?page|site web|sitio web|веб-сайт|موقع|网站",
}
_BETWEEN = re.compile(r"[,;\n/•·]|\s+(?:and|or|et|ou|y|и|و)\s+")


def channels(cell: str) -> tuple[list[str], list[str]]:
    """Give the channels of the menu that a cell names, and what of it names none."""
    line = " ".join(cell.split())
    found: list[tuple[int, str]] = []
    for slug, words in _NAMES.items():
        # What was taken by a more particular name is not taken again.
        for hit in re.finditer(words, line, re.IGNORECASE):
            found.append((hit.start(), slug))
            line = line[: hit.start()] + "\0" * len(hit[0]) + line[hit.end() :]
    return list(dict.fromkeys(slug for _, slug in sorted(found))), _left(cell)


def _left(cell: str) -> list[str]:
    pieces = [" ".join(piece.split()) for piece in _BETWEEN.split(cell)]
    named = re.compile("|".join(_NAMES.values()), re.IGNORECASE)
    whole = named.search(" ".join(cell.split())) is not None
    return [piece for piece in pieces if len(piece) > 1 and not (whole and named.search(piece))]
