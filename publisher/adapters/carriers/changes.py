"""What must be carried, and in which order, so that no page ever leads to what is not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from publisher.adapters.webpage.tree import Record

#: the record of what is there, kept beside the files at the target
RECORD = "publisher-site.json"
_VERSION = 1
#: what leads to other files is carried after them: pages, then what lists pages
_LAST = ("index.html", "404.html", "sitemap.xml", "robots.txt")


@dataclass(frozen=True)
class Changes:
    """The difference between a site and what its target says it has."""

    stages: list[list[str]]  #: paths to carry; a stage begins when the one before it is there
    gone: list[str]  #: paths that are no longer on the site, to be taken away last

    def __bool__(self) -> bool:
        return bool(self.gone) or any(self.stages)


def changes(record: Record, there: Mapping[str, str]) -> Changes:
    """Compare a site with what is there: SHA-256 by path."""
    wanted = sorted(path for path, sha256 in record.files.items() if there.get(path) != sha256)
    stages: list[list[str]] = [[], [], []]
    for path in wanted:
        stages[_stage(path)].append(path)
    gone = sorted(there.keys() - record.files.keys())
    return Changes([stage for stage in stages if stage], gone)


def written(record: Record) -> bytes:
    """Give the record to be kept at the target."""
    said = {"version": _VERSION, "files": dict(record.files)}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def read(content: bytes) -> dict[str, str]:
    """Read the record; what cannot be read counts as nothing there, and all is carried again."""
    try:
        said = json.loads(content)
        files = said["files"] if said["version"] == _VERSION else {}
        return {
            path: sha256
            for path, sha256 in files.items()
            if isinstance(path, str) and isinstance(sha256, str) and _is_inside(path)
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_inside(path: str) -> bool:
    """Say whether a path that a target told us stays below the site's root."""
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


def _stage(path: str) -> int:
    if path in _LAST:
        return 2
    if not path.endswith("index.html"):
        return 0
    # `en/entry/index.html` is a page; `en/index.html` lists pages.
    return 1 if path.count("/") > 1 else 2
