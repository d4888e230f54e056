"""A rendition's words as a value: what is hashed, approved, frozen, and handed to an adapter."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

#: A hole is a name between two private-use characters, which no plan file may hold: it stands
#: where a reader's own value, or one known only at hand-over, goes.
HOLE = re.compile("\ue000([a-z_.]+)\ue001")


def hole(name: str) -> str:
    """Give the mark that stands for the value `name`, such as `reader.name`."""
    return f"\ue000{name}\ue001"


def unmarked(value: str) -> str:
    """Take out of a value what could be mistaken for a hole's mark."""
    return value.translate(_NO_MARKS) if "\ue000" in value or "\ue001" in value else value


_NO_MARKS = {0xE000: None, 0xE001: None}


@dataclass(frozen=True, kw_only=True)
class PictureRef:
    """A picture by its content's SHA-256, with words for who cannot see it."""

    sha256: str
    media_type: str
    filename: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """Words by part; which parts there are is the form's matter.

    newsletter: subject, preheader, html, text
    post:       1, 2, … (a thread), link; title and summary of what it leads to, for a card
    feed:       title, summary, html, link
    page:       title, summary, html (the whole document)
    webinar, workshop:
                those of a newsletter; calendar (iCalendar in whole lines) where it invites
    circular:   subject, preheader, html, text (the covering mail), title, summary, document
                (Typst source)
    report, agenda-item, presentation:
                title, summary, html, body (Markdown), document (Typst source), number (of a
                paper), set (JSON: what Word and PowerPoint need besides), master (the SHA-256
                of the organisation's own, or empty), annexes (of a paper: JSON, a list of number,
                title, file, sha256, media_type and kilobytes)
    landscape:  title, summary, html (the whole document), document (Typst source); as JSON table
                (of the spreadsheet) and data (what the next edition is compared with)
    circulation: subject, preheader, html, text, title, summary, page (a whole document); as JSON
                fields (items of the fields' feeds), table and data

    Parts hold holes (see `hole`). Values put into html parts are escaped by who fills them.
    """

    form: str
    language: str  #: RFC 5646
    direction: Literal["ltr", "rtl"]
    parts: Mapping[str, str]
    pictures: tuple[PictureRef, ...] = ()
    #: For templates that branch on a reader's own value: their sources and what they are
    #: rendered with, so that the frozen thing is complete. Empty: `parts` with holes are all.
    program: Mapping[str, Any] = field(default_factory=dict)
    #: the bytes of what it names by SHA-256, where they are at hand; no part of what is hashed
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def draws_on(self) -> set[str]:
        """The SHA-256 of each picture, master and annex that its files are made with."""
        master = self.parts.get("master", "")
        annexes = json.loads(self.parts.get("annexes") or "[]")
        found = {picture.sha256 for picture in self.pictures} | {one["sha256"] for one in annexes}
        return found | ({master} if master else set())

    @property
    def holes(self) -> set[str]:
        """The names of the values the parts wait for."""
        return {name for part in self.parts.values() for name in HOLE.findall(part)}

    @cached_property
    def sha256(self) -> str:
        """The hash an approval is bound to: of the canonical JSON of everything above."""
        return hashlib.sha256(canonical(self.to_json()).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values, for the database."""
        said = asdict(replace(self, files={}))
        del said["files"]
        return said

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Content:
        """Read what `to_json` gave."""
        pictures = tuple(PictureRef(**picture) for picture in value["pictures"])
        return cls(**{**value, "pictures": pictures})


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: one text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
