"""The product's own sentences: a folder a language, in it a YAML file a part of the product.

Why not gettext: docs/decisions/0011-sentences-in-yaml.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: each language's own name, in the order in which they are offered
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "ru": "Русский",
    "zh": "中文",
}
#: those of languages that words may be in, though not these sentences
_OTHERS: Mapping[str, str] = {
    "de": "Deutsch",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "Português",
}

#: every value is words, so nothing is read as a number, a date or a yes; libyaml's where it is
#: there, which is ten times as fast
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def say(language: str, key: str, **values: object) -> str:
    """Give a sentence in a language, with its values put in.

    Raises:
        KeyError: there is no such sentence, or no such language.
    """
    return sentences(language)[key].format(**values)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Read one language's files, as one."""
    found: dict[str, str] = {}
    for file in files(__name__).joinpath(language).iterdir():
        if file.name.endswith(".yaml"):
            found |= yaml.load(file.read_text("utf-8"), Loader=_LOADER)  # noqa: S506  # makes strings only
    return found


def known(wanted: Iterable[str]) -> str:
    """Give the first of the wanted languages that there are sentences in, else English."""
    bases = (tag.replace("_", "-").split("-", maxsplit=1)[0].lower() for tag in wanted)
    return next((base for base in bases if base in LANGUAGES), "en")


def own_name(tag: str) -> str:
    """Give what a language calls itself; one that we cannot name gives its tag."""
    base = tag.split("-", maxsplit=1)[0]
    return LANGUAGES.get(base) or _OTHERS.get(base) or tag
