"""What every spec has: strictness, slugs, and words in several languages."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

#: RFC 5646 tags as far as a plan needs them: language, optionally script and region.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class Spec(BaseModel):
    """A frozen value in which an unknown word is an error, so that a typing slip is never lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _slug(value: str) -> str:
    if not SLUG.match(value) or len(value) > 80:
        raise ValueError(
            f"“{value}” is not a short name; use lower-case letters, digits and hyphens, 80 at most"
        )
    return value


def _language(value: str) -> str:
    if not LANGUAGE.match(value):
        raise ValueError(f"“{value}” is not a language tag such as en, fr or zh-Hans")
    return value


@cache
def _zones() -> set[str]:
    """Read the zones' names once: each time walks a folder of 1,200 files."""
    return available_timezones()


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError(f"“{value}” is not an IANA time zone such as Europe/Zurich")
    ZoneInfo(value)
    return value


def _padded(value: object) -> object:
    return f"{value:0>5}" if isinstance(value, str) else value


def localised(value: object) -> object:
    """Take a plain string for English."""
    return {"en": value} if isinstance(value, str) else value


Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, AfterValidator(_language)]
Zone = Annotated[str, AfterValidator(_zone)]


def _said(value: dict[str, str]) -> dict[str, str]:
    for language, words in value.items():
        if not words:
            raise ValueError(f"the words in “{language}” are empty")
    return value


#: A wall time of day; 9:00 is as good as 09:00.
Clock = Annotated[time, BeforeValidator(_padded)]
#: Words by language tag; a plain string in a file stands for English.
Localised = Annotated[dict[Language, str], BeforeValidator(localised), AfterValidator(_said)]


def in_language(words: Mapping[str, str], language: str, *, otherwise: str = "en") -> str:
    """Give the words in `language`, else in its base language, else in `otherwise`, else any.

    An empty mapping gives an empty string.
    """
    for tag in (language, language.split("-", maxsplit=1)[0], otherwise):
        if tag in words:
            return words[tag]
    return next(iter(words.values()), "")
