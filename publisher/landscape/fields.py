"""Fields of standardisation: what a work item is grouped under, from its ICS or its committees."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from publisher.models.adapter import Json

NONE = "00"  #: the field of what names none
_GENERAL = "01"  #: terminology and the like: a further field says more
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_STUDY_GROUP = re.compile(r"(?:itu-t-)?study-group-(\d+)")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One of the ICS's forty."""

    code: str  #: two digits
    slug: str
    names: Mapping[str, str]  #: by language


def field_of(ics: Collection[str], committees: Collection[str]) -> Field:
    """Give the field that a work item stands under.

    Args:
        ics: its codes, the first of which counts, unless it is about terminology only.
        committees: their keys, see `committee_key`; looked at where there is no code.
    """
    known = fields()
    codes = [code[:2] for code in ics if code[:2] in known]
    codes.sort(key=lambda code: code == _GENERAL)
    by_committee = (found for key in committees if (found := _of_committee(key)))
    return known[next(iter(codes), None) or next(by_committee, NONE)]


@cache
def fields() -> Mapping[str, Field]:
    """Give every field by its code, in the order of the ICS, the one of no field last."""
    said = _table()["fields"]
    return {
        code: Field(
            code=code,
            slug=names["slug"],
            names={language: name for language, name in names.items() if language != "slug"},
        )
        for code, names in said.items()
    }


def committee_key(name: str, organisation: str) -> str:
    """Give the short name of a committee, as readers' attributes have it.

    `ISO/TC 184` is `iso-tc-184`, IEC's own `TC 69` is `iec-tc-69`, its `TC 23/SC 23H` is
    `iec-tc-23-sc-23h`, `ITU-T Study Group 13` is `itu-t-sg-13`.
    """
    if name == "Telecommunication Standardization Advisory Group":
        return "itu-t-tsag"
    key = _NOT_A_NAME.sub("-", name.lower()).strip("-")
    if group := _STUDY_GROUP.fullmatch(key):
        return f"itu-t-sg-{group[1]}"
    if key.startswith(("iso-", "iec-", "itu-t-", "cispr-", "jtc-")):
        return f"iso-iec-{key}" if key.startswith("jtc-") else key
    return f"{organisation}-{key}"


def _of_committee(key: str) -> str:
    """Give a committee's field, else that of the one above it."""
    table = _table()["committees"]
    while key and key not in table:
        key = key.rpartition("-")[0]
    return str(table.get(key, ""))


@cache
def _table() -> Json:
    with Path(__file__).with_name("fields.toml").open("rb") as file:
        return tomllib.load(file)
