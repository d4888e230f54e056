"""What stands around an organisation's pages, as adapters that publish a site are given it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The looks of a site, and what it says beside the pages that were published on it."""

    digest: str  #: of the looks: another one means that every page is made again
    #: `organisation`, `organisations`, `audiences`, `circulars`, `events`, `landscape` and
    #: `doors`; see `publisher.flows.surroundings`. Names and titles are words by language.
    around: Mapping[str, Json]
    #: gives a document of a template below `templates/site/`, a language and what it shows
    document: Callable[[str, str, Mapping[str, Any]], str]
    #: gives PNG pictures for the pages' links on other sites, one for each title; in a language
    cards: Callable[[str, Sequence[str]], Sequence[bytes]]
