"""What an entry's form holds, and the way from a spec into it and back.

The form keeps its own words for everything, so that what cannot be meant yet, a draft, an old
version and a conflict are all shown in the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publisher.models.errors import PlanError, Problem
from publisher.models.specs import EntrySpec
from publisher.plan.diff import Said
from publisher.plan.neat import neat
from publisher.plan.rewrite import written
from publisher.plan.tree import tree

#: what has a field of its own; the rest stands in “other fields”, word for word
KNOWN = (
    "slug", "title", "summary", "when", "zone", "repeat", "until", "skip", "late_after",
    "audiences", "messages", "channels", "speaks_for", "link", "pictures", "partner_feed", "words",
)  # fmt: skip
SELECTORS = ("language", "audience", "organisation", "channel", "form")
_LISTS = ("audiences", "messages", "channels", "speaks_for")
_LINES = ("zone", "repeat", "until", "link", "partner_feed")


@dataclass(frozen=True)
class Typed:
    """What was typed, by the form's names; each may come several times."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str, otherwise: str = "") -> str:
        """Give what was typed last under a name."""
        found = self.values.get(name)
        return found[-1] if found else otherwise

    def many(self, name: str) -> list[str]:
        """Give all that was ticked under a name."""
        return [value for value in dict.fromkeys(self.values.get(name, ())) if value]

    def by_language(self, name: str) -> dict[str, str]:
        """Give words by language, without the empty ones."""
        return {
            key.removeprefix(f"{name}."): words
            for key in self.values
            if key.startswith(f"{name}.") and (words := self.one(key).strip())
        }

    def numbers(self, name: str) -> list[str]:
        """Give the numbers of what comes several times: words and pictures."""
        return [value for value in dict.fromkeys(self.values.get(name, ())) if value.isdecimal()]

    def with_values(self, **values: Sequence[str]) -> Typed:
        """Give it with other values; a double underscore in a name stands for a dot."""
        return Typed({**self.values, **{k.replace("__", "."): v for k, v in values.items()}})

    @property
    def uploaded(self) -> dict[str, str]:
        """The SHA-256 of pictures that came from the desk, by the entry's name for each."""
        return {
            self.one(f"pictures.{at}.file"): digest
            for at in self.numbers("pictures")
            if re.fullmatch(r"[0-9a-f]{64}", digest := self.one(f"pictures.{at}.sha256"))
        }


def said_by(typed: Typed, slug: str) -> dict[str, Any]:
    """Give the spec that was typed, as JSON values that `EntrySpec` reads.

    Raises:
        PlanError: the other fields are not YAML.
    """
    said: dict[str, Any] = {"slug": slug, **_other(typed, slug)}
    said["title"] = typed.by_language("title")
    said["summary"] = typed.by_language("summary")
    said["when"] = _when(typed)
    said |= {name: value for name in _LINES if (value := typed.one(name).strip())}
    said["skip"] = [day for day in re.split(r"[\s,;]+", typed.one("skip")) if day]
    if late := typed.one("late_after").strip():
        said["late_after"] = late
    said |= {name: typed.many(name) for name in _LISTS}
    said["pictures"] = [_picture(typed, at) for at in typed.numbers("pictures")]
    said["words"] = [_words(typed, at) for at in typed.numbers("words")]
    return said


def typed_of(said: Said) -> Typed:
    """Give the form that says what a spec says."""
    values: dict[str, Sequence[str]] = {}
    for name in ("title", "summary"):
        values |= {f"{name}.{language}": [words] for language, words in said[name].items()}
    values |= _typed_when(said["when"])
    values |= {name: [str(said.get(name) or "")] for name in (*_LINES, "late_after")}
    values["skip"] = [", ".join(said.get("skip") or [])]
    values |= {name: list(said.get(name) or []) for name in _LISTS}
    for at, picture in enumerate(said.get("pictures") or []):
        values[f"pictures.{at}.file"] = [picture["file"]]
        values |= {f"pictures.{at}.alt.{key}": [alt] for key, alt in picture["alt"].items()}
    values["pictures"] = [str(at) for at, _ in enumerate(said.get("pictures") or [])]
    for at, words in enumerate(said["words"]):
        values |= {f"words.{at}.{name}": [words.get(name) or ""] for name in (*SELECTORS, "words")}
    values["words"] = [str(at) for at, _ in enumerate(said["words"])]
    values["other"] = [other_fields(said)]
    return Typed(values)


def other_fields(said: Said) -> str:
    """Give as YAML, as a file has it, all that no field of the form is for."""
    whole = neat(EntrySpec.model_validate(dict(said)))
    rest = {name: value for name, value in whole.items() if name not in KNOWN}
    return written(rest) if rest else ""


def fields_of(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """Give the problems' sentences by the form's fields; under an empty name, the others."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        sentences = found.setdefault(_field(problem.field), [])
        if problem.sentence not in sentences:
            sentences.append(problem.sentence)
    return found


def _field(field: str) -> str:
    first, _, rest = field.partition(".")
    if first in {"words", "pictures"} and rest:
        return f"{first}.{rest.partition('.')[0]}"
    if first in {"title", "summary"} and rest:
        return field
    return first if first in KNOWN else ("other" if first else "")


def _other(typed: Typed, slug: str) -> dict[str, Any]:
    text = typed.one("other").replace("\r\n", "\n")
    if not text.strip():
        return {}
    problems: list[Problem] = []
    path = f"calendar/{slug}.md"
    node = tree(text, path, problems)
    plain = node.plain() if node else None
    if problems:
        raise PlanError([_of_other(path, problem.line, problem.sentence) for problem in problems])
    if not isinstance(plain, dict):
        raise PlanError([_of_other(path, None, "must be names and values, as name: value")])
    if taken := sorted(set(plain) & set(KNOWN)):
        sentence = f"{', '.join(taken)}: has a field of its own above"
        raise PlanError([_of_other(path, None, sentence)])
    return plain


def _of_other(path: str, line: int | None, sentence: str) -> Problem:
    return Problem(path=path, line=line, field="other", sentence=sentence)


def _when(typed: Typed) -> object:
    match typed.one("when"):
        case "launch":
            after, clock = typed.one("launch_after").strip(), typed.one("launch_at").strip()
            later = f" + {after}" if after and not after.startswith("0 ") else ""
            return f"launch{later}" + (f" at {clock}" if clock else "")
        case "event":
            side = "after" if typed.one("event_side") == "after" else "before"
            said = {"event": typed.one("event"), side: typed.one("event_offset") or "0 minutes"}
            clock = typed.one("event_at").strip()
            return {**said, **({"at": clock} if clock else {})}
        case _:
            return typed.one("at").strip()


def _typed_when(when: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    kind, clock = when["kind"], (when.get("at") or "")
    found: dict[str, Sequence[str]] = {"when": [kind]}
    if kind == "launch":
        found |= {"launch_after": [when["after"]], "launch_at": [clock[:5]]}
    elif kind == "event":
        side = "after" if when.get("after") is not None else "before"
        found |= {"event": [when["event"]], "event_side": [side], "event_offset": [when[side]]}
        found["event_at"] = [clock[:5]]
    else:
        found["at"] = [clock[:16]]
    return found


def _picture(typed: Typed, at: str) -> dict[str, Any]:
    alt = typed.by_language(f"pictures.{at}.alt")
    return {"file": typed.one(f"pictures.{at}.file"), "alt": alt}


def _words(typed: Typed, at: str) -> dict[str, Any]:
    said = {name: typed.one(f"words.{at}.{name}") for name in SELECTORS}
    words = typed.one(f"words.{at}.words").replace("\r\n", "\n").strip()
    return {name: value for name, value in said.items() if value} | {"words": words}


def renumbered(typed: Typed, name: str, kept: Sequence[Mapping[str, str]]) -> Typed:
    """Give the form with other words or pictures, numbered anew from 0."""
    values = {
        key: value
        for key, value in typed.values.items()
        if key != name and not re.match(rf"{name}\.\d+\.", key)
    }
    for at, one in enumerate(kept):
        values |= {f"{name}.{at}.{key}": [value] for key, value in one.items()}
    values[name] = [str(at) for at, _ in enumerate(kept)]
    return Typed(values)


def listed(typed: Typed, name: str) -> list[dict[str, str]]:
    """Give the words or pictures as they were typed, in order."""
    return [dict(_of(typed, f"{name}.{at}.")) for at in typed.numbers(name)]


def _of(typed: Typed, prefix: str) -> Iterator[tuple[str, str]]:
    for key in typed.values:
        if key.startswith(prefix):
            yield key.removeprefix(prefix), typed.one(key)
