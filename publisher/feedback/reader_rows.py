"""A line of a readers' file as values, or the reason why it is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True)
class Row:
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

    def row(self, line: int, cells: Sequence[str], known: Known) -> Row:
        """Read a line.

        Raises:
            ValueError: why it is left out, as half a sentence.
        """
        if len(cells) != len(self.names):
            raise ValueError(f"it has {len(cells)} cells, and the header {len(self.names)}")
        said = {
            name: cell.strip() for name, cell in zip(self.names, cells, strict=True) if cell.strip()
        }
        for name in REJECTED:
            said.pop(name, None)
        address = plain_address(said.get("address", ""))
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
            attributes=dict(
                _attribute(name, cell) for name, cell in said.items() if name not in OWN
            ),
            wishes=tuple(
                dict.fromkeys(_wish(text, known) for text in said.get("consents", "").split())
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


def _language(text: str) -> str:
    if text and not LANGUAGE.match(text):
        raise ValueError(f"“{text}” is not a language tag such as en, fr or zh-Hans")
    return text


def _attribute(name: str, cell: str) -> tuple[str, str | list[str]]:
    if not name.endswith("[]"):
        return name, cell
    return name.removesuffix("[]"), [part.strip() for part in cell.split(";") if part.strip()]


def _wish(text: str, known: Known) -> Wish:
    wish = Wish.read(text)
    if wish.organisation not in known.organisations:
        hint = known.meant(wish.organisation, known.organisations)
        raise ValueError(f"organisation “{wish.organisation}” is unknown{hint}")
    if wish.channel not in known.channels:
        hint = known.meant(wish.channel, known.channels)
        raise ValueError(f"no channel “{wish.channel}” asks for consent{hint}")
    return wish
