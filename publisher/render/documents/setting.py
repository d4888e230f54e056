"""What Word and PowerPoint need besides the words: names, colours, labels; frozen as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem
from publisher.render.bench import Bench
from publisher.render.documents.body import file_of
from publisher.render.documents.sections import SECTIONS

#: the region that office programs want beside a language, to find its spelling and its fonts
_REGIONS = {
    "en": "en-GB",
    "fr": "fr-FR",
    "es": "es-ES",
    "ru": "ru-RU",
    "zh": "zh-CN",
    "ar": "ar-SA",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One document's setting; every word of it may hold a hole until it is filled."""

    title: str
    summary: str
    organisation: str
    short: str
    head: str  #: above each page
    entry: str  #: slug
    brand: Mapping[str, str]
    labels: Mapping[str, str]
    contents: bool = False  #: whether a list of its headings stands before the body
    master: str = ""  #: its path in the plan; empty: ours
    pictures: Mapping[str, str] = field(default_factory=dict)  #: alternative texts by file name

    def to_json(self) -> str:
        """Give it as a part of a `Content`."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of(cls, part: str) -> Setting:
        """Read what `to_json` gave."""
        return cls(**json.loads(part))


def setting(bench: Bench, *, head: str, contents: bool) -> Setting:
    """Gather a document's setting from what its templates see."""
    known = bench.context
    wanted = ("page", "of", "contents", "slide", *SECTIONS)
    return Setting(
        title=known.entry.title,
        summary=known.entry.summary,
        organisation=known.organisation.name,
        short=known.organisation.short,
        head=head,
        entry=known.entry.slug,
        brand={name: known.organisation.brand[name] for name in ("main", "ink", "link", "tint")},
        labels={name: known.labels[name] for name in wanted if name in known.labels},
        contents=contents,
        pictures={file_of(one): one.alt for one in known.pictures},
    )


def beside(content: Content) -> dict[str, bytes]:
    """Give the pictures that are at hand, by the name under which a document has them."""
    return {
        file_of(one): content.files[one.sha256]
        for one in content.pictures
        if one.sha256 in content.files
    }


def master_of(content: Content, said: Setting) -> bytes | None:
    """Give the organisation's own file, or None where it has none.

    Raises:
        PlanError: it has one that is not at hand.
    """
    digest = content.parts.get("master", "")
    if not digest:
        return None
    if digest not in content.files:
        raise PlanError([Problem(path=said.master, sentence="this master is no longer kept")])
    return content.files[digest]


def region(language: str) -> str:
    """Give a language tag as office programs want it."""
    return _REGIONS.get(language, language)


Json = Any
