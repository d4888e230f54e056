"""One line of a file of work items, whatever its columns are called, as one shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from publisher.landscape import identifiers, normalise
from publisher.landscape.stages import State, stage_code, state

#: what files call each field; the first that is not empty counts
NAMES: dict[str, tuple[str, ...]] = {
    "identifier": ("identifier", "id", "reference", "docid", "number"),
    "title": ("title", "title_en", "name"),
    "scope": ("scope", "abstract", "summary", "description"),
    "committees": ("committees", "committee", "responsible", "group"),
    "ics": ("ics", "ics_codes"),
    "stage": ("stage", "status"),
    "edition": ("edition", "version"),
    "published": ("published", "publication_date", "date"),
    "url": ("url", "link"),
    "answer_by": ("answer_by", "comments_by", "deadline", "closes"),
    "answer_to": ("answer_to", "contact"),
    "same_as": ("same_as", "identical_to", "twin"),
}
_LISTS = ("committees", "ics", "same_as")
_ICS = re.compile(r"\d\d(?:\.\d{3}(?:\.\d\d)?)?")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LONGEST_OF_MANY = 200
_LONGEST = {"identifier": 200, "stage": 60, "edition": 20, "answer_to": 300}


@dataclass(frozen=True, kw_only=True)
class Record:
    """A work item as a source describes it; `models.work_item` says what each field is."""

    identifier: str
    title: str = ""
    scope: str = ""
    committees: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    stage: str = ""
    stage_code: str = ""
    state: State = "unknown"
    edition: str = ""
    published: str = ""
    url: str = ""
    answer_by: str = ""
    answer_to: str = ""
    works: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Give the words of its title, less those of an amendment and of a part's number."""
        return normalise.title_words(self.title)


def record(said: Mapping[str, object]) -> Record:
    """Read one line.

    Raises:
        ValueError: with a sentence, if it has no identifier or a field cannot be meant so.
    """
    found = {field: _first(said, names) for field, names in NAMES.items()}
    if not found["identifier"]:
        raise ValueError("it has no identifier")
    text = {field: _text(value) for field, value in found.items() if field not in _LISTS}
    lists = {field: _list(found[field]) for field in _LISTS}
    for field, most in _LONGEST.items():
        if len(text[field]) > most:
            raise ValueError(f"its {field} is longer than {most} characters")
    _check(text, lists)
    works = identifiers.work(text["identifier"])
    common = [
        work
        for one in (*lists["same_as"], *_joined(text["identifier"]))
        for work in identifiers.work(one)
    ]
    code = stage_code(text["stage"])
    named = identifiers.works_in(f"{text['title']} {text['scope']}")
    return Record(
        **text,
        committees=lists["committees"],
        ics=lists["ics"],
        stage_code=code,
        state=state(code),
        works=works,
        same_as=tuple(work for work in dict.fromkeys(common) if work not in works),
        mentions=tuple(work for work in named if work not in works),
    )


def conflicting(one: Record, other: Record) -> bool:
    """Say whether two records of one identifier have different words.

    A title that is missing in one, or that differs in case, dashes or the words “Amendment 1”,
    is no conflict.
    """
    return bool(one.words and other.words and one.words != other.words)


def filled(one: Record, other: Record) -> Record:
    """Give a record, with what it leaves empty taken from another of the same identifier."""
    missing = {
        field.name: getattr(other, field.name)
        for field in fields(Record)
        if not getattr(one, field.name) or getattr(one, field.name) == "unknown"
    }
    return replace(one, **missing)


def as_decided(
    said: Record, others: Sequence[str], decided: Mapping[str, object]
) -> tuple[Record, list[str]]:
    """Hold a record and the other titles of its identifier to what a person decided of them.

    A title that was decided against stays so; one that nobody has seen yet is a conflict again.
    """
    title, over = decided.get("title"), decided.get("over")
    if not isinstance(title, str) or not isinstance(over, list):
        return said, list(others)
    kept = [one for one in others if one not in over and one != title]
    if said.title in over:
        said = replace(said, title=title)
    return said, kept


def _first(said: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((said[name] for name in names if said.get(name) not in (None, "", [])), "")


def _text(value: object) -> str:
    if not isinstance(value, str | int | float):
        raise ValueError("it has a list or an object where words are meant")  # noqa: TRY004  # wrong data, not a wrong call
    return " ".join(str(value).replace("\0", "").split())


def _list(value: object) -> tuple[str, ...]:
    many = value if isinstance(value, list) else str(value).split(";")
    return tuple(dict.fromkeys(text for one in many if (text := _text(one))))


def _joined(identifier: str) -> list[str]:
    """Give what stands after the bar in `ITU-T X.509 | ISO/IEC 9594-8`."""
    return [one.strip() for one in identifier.split("|")[1:] if one.strip()]


def _check(text: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]) -> None:
    wrong = next((one for one in lists["ics"] if not _ICS.fullmatch(one)), None)
    if wrong is not None:
        raise ValueError(f"“{wrong}” is no field of the ICS, such as 35.100.70")
    if any(len(one) > _LONGEST_OF_MANY for many in lists.values() for one in many):
        raise ValueError(
            f"one of its lists has more than {_LONGEST_OF_MANY} characters in one piece"
        )
    for field in ("published", "answer_by"):
        if text[field] and not _is_date(text[field]):
            raise ValueError(f"“{text[field]}” is no date such as 2024, 2024-08 or 2024-08-31")
    if text["url"] and not text["url"].startswith(("https://", "http://")):
        raise ValueError(f"“{text['url']}” is no web address")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
