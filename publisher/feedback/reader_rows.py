"""A line of a readers' file as values, or the reason why it is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from publisher.feedback.consent import Wish
from publisher.kit.address import plain_address
from publisher.models.specs.shared import LANGUAGE

#: columns with a meaning of their own; any other is an attribute
OWN = ("address", "name", "language", "consents")
#: columns that the file of bad lines has in front; a mended one can be imported as it is
REJECTED = ("rejected_line", "rejected_because")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,39}(\[\])?\Z")  # as `RuleSpec.attribute` has it
_CONTROL = re.compile(r"[\x00-\x1f]")
_LONGEST = 200
#: gives the end of a sentence such as `; did you mean “iso”?`
Meant = Callable[[str, Iterable[str]], str]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a file may name."""

    organisations: Collection[str]
    channels: Collection[str]  #: those that ask for consent
    meant: Meant
    must_agree: bool = False  #: each line gives a consent

    @cached_property
    def wishes(self) -> Mapping[str, Wish]:
        """All that a file may say its readers agreed to, by how it is written."""
        pairs = (Wish(*pair) for pair in product(self.organisations, self.channels))
        return {str(wish): wish for wish in pairs}


class Row(NamedTuple):
    """One reader as a file says it; an empty cell says nothing."""

    line: int
    address: str
    name: str
    language: str
    attributes: dict[str, str | list[str]]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What each column of a file is."""

    names: tuple[str, ...]

    @cached_property
    def rejected(self) -> tuple[str, ...]:
        """The columns that a file of bad lines has in front."""
        return tuple(name for name in self.names if name in REJECTED)

    @cached_property
    def attributes(self) -> tuple[tuple[str, str, bool], ...]:
        """The other columns: what they are called, the attribute, and whether it is a list."""
        own = {*OWN, *REJECTED}
        return tuple(
            (name, name.removesuffix("[]"), name.endswith("[]"))
            for name in self.names
            if name not in own
        )

    def row(self, line: int, cells: Sequence[str], known: Known) -> Row:
        """Read a line.

        Raises:
            ValueError: why it is left out, as half a sentence.
        """
        if len(cells) != len(self.names):
            raise ValueError(f"it has {len(cells)} cells, and the header {len(self.names)}")
        stripped = zip(self.names, map(str.strip, cells), strict=True)
        said = {name: cell for name, cell in stripped if cell}
        for name in self.rejected:
            said.pop(name, None)
        address = plain_address(said.get("address", ""))
        whole = "".join(cells)
        if len(whole) > _LONGEST or _CONTROL.search(whole):  # few lines need a closer look
            for name, cell in said.items():
                _check_cell(name, cell)
        if known.must_agree and not said.get("consents"):
            theirs = ", ".join(sorted(known.organisations))
            raise ValueError(f"it gives no consent to any organisation that is yours ({theirs})")
        return Row(
            line=line,
            address=address,
            name=said.get("name", ""),
            language=_language(said.get("language", "")),
            attributes={
                attribute: _listed(said[name]) if many else said[name]
                for name, attribute, many in self.attributes
                if name in said
            },
            wishes=tuple(
                dict.fromkeys(
                    known.wishes.get(text) or _wish(text, known)
                    for text in said.get("consents", "").split()
                )
            ),
        )


def columns(header: Sequence[str], meant: Meant) -> Columns:
    """Read a header.

    Raises:
        ValueError: what is wrong with it, as a sentence.
    """
    if "address" not in header:
        near = next((name for name in header if "address" in meant(name, OWN)), "")
        hint = f"; is it “{near}”?" if near else f"; there are: {', '.join(header[:12])}"
        raise ValueError(f"there is no column “address”{hint}")
    for name in header:
        if header.count(name) > 1:
            raise ValueError(f"the column “{name}” is there twice")
        if name not in OWN and not _ATTRIBUTE.match(name):
            raise ValueError(
                f"“{name}” cannot name an attribute; use lower-case letters, digits and "
                "underscores, with [] at the end for a list"
            )
    return Columns(names=tuple(header))


def _check_cell(name: str, cell: str) -> None:
    if _CONTROL.search(cell):
        raise ValueError(f"“{name}” holds a line break or another control character")
    if name == "name" and len(cell) > _LONGEST:
        raise ValueError(f"the name is longer than {_LONGEST} characters")
    if len(cell) > 20 * _LONGEST:
        raise ValueError(f"“{name}” is longer than {20 * _LONGEST} characters")


@lru_cache(256)
def _language(text: str) -> str:
    if text and not LANGUAGE.match(text):
        raise ValueError(f"“{text}” is not a language tag such as en, fr or zh-Hans")
    return text


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _wish(text: str, known: Known) -> Wish:
    wish = Wish.read(text)
    if wish.organisation not in known.organisations:
        hint = known.meant(wish.organisation, known.organisations)
        raise ValueError(f"organisation “{wish.organisation}” is unknown{hint}")
    if wish.channel not in known.channels:
        hint = known.meant(wish.channel, known.channels)
        raise ValueError(f"no channel “{wish.channel}” asks for consent{hint}")
    return wish
