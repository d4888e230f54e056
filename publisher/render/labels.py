"""The interface's words: `templates/labels.yaml`, by language."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import yaml

from publisher.models.errors import PlanError, Problem

PATH = "templates/labels.yaml"
#: labels are words, so that nothing is read as a number or a yes
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def labels(source: str | None, language: str) -> Mapping[str, str]:
    """Give the labels in a language; those it lacks come from its base language, then English.

    Raises:
        PlanError: there is no such file, or it is not languages with labels.
    """
    if source is None:
        sentence = "this file is missing; `publisher init` brings it"
        raise PlanError([Problem(path=PATH, sentence=sentence)])
    everything = _read(source)
    base = language.split("-", maxsplit=1)[0]
    found: dict[str, str] = {}
    for tag in ("en", base, language):
        found |= everything.get(tag, {})
    return found


@lru_cache(maxsize=8)
def _read(source: str) -> dict[str, dict[str, str]]:
    _refuse_aliases(source)
    try:
        read = yaml.load(source, Loader=_LOADER)  # noqa: S506  # makes strings only
        return {
            str(tag): {str(label): str(text) for label, text in words.items()}
            for tag, words in read.items()
        }
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PlanError([Problem(path=PATH, line=line, sentence=str(error.problem))]) from error
    except AttributeError as error:
        sentence = "give each language a mapping of labels to words"
        raise PlanError([Problem(path=PATH, sentence=sentence)]) from error


def _refuse_aliases(source: str) -> None:
    """Refuse what could stand for far more than is written, before it is built."""
    with suppress(yaml.YAMLError):  # which says it better when it is read
        if any(getattr(event, "anchor", None) for event in yaml.parse(source, Loader=_LOADER)):
            sentence = "anchors and aliases (& and *) are not for labels; write it out"
            raise PlanError([Problem(path=PATH, sentence=sentence)])
