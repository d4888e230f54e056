"""Plans that are no table: “Audience: … Message: … Channels: …”, or a heading for each audience."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from publisher.plan.recognise import headings
from publisher.plan.recognise.document import Line
from publisher.plan.recognise.rows import Reading, Row

_LABEL = re.compile(r"\s*[*_]*([^:：*_.!?\d]{2,40}?)[*_]*\s*[:：][*_]*\s*")
#: where within a line the next label may begin
_NEXT = re.compile(r"(?<=[.;|,，；。•!?])\s+|\s+[–—|]\s+|\s{3,}")
_GATHERED = ("message", "channel", "when", "owner", "kind", "part")
_LONGEST = 120  #: letters of an audience that stands above its message


@dataclass
class _Group:
    """One audience's part of an outline."""

    audience: str
    number: int  #: of the line it begins on, from 1
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return {"message", "channel"} <= self.said.keys()


@dataclass(frozen=True)
class _Piece:
    """A line, or a part of one, with the role that it begins."""

    line: Line
    number: int
    role: str = ""
    label: str = ""
    words: str = ""


def read_outline(lines: Sequence[Line]) -> Reading | None:
    """Read an outline; None unless some audience has both a message and channels."""
    pieces = [piece for number, line in enumerate(lines, 1) for piece in _pieces(line, number)]
    groups = list(_groups(pieces))
    rows = [_row(group) for group in groups if group.whole]
    if not rows:
        return None
    doubts = [
        f"“{one.audience}” has no key message or no channel in the plan and was left out; is it "
        "one of its audiences?"
        for one in groups
        if one.said and not one.whole
    ]
    return Reading(
        rows=rows,
        name="the outline",
        language=headings.language(piece.label for piece in pieces if piece.role),
        taken={piece.role: piece.label for piece in reversed(pieces) if piece.role},
        doubts=doubts,
    )


def listed_kinds(lines: Sequence[Line]) -> dict[str, str]:
    """Give the audiences that a list calls primary or secondary, by what the list calls them."""
    found: dict[str, str] = {}
    kind = ""
    for line in lines:
        said = "" if line.bullet else headings.kind(line.words)
        if said and headings.role(line.words) == "audience":
            kind = said
        elif kind and line.bullet:
            found[line.words] = kind
        elif line.words:
            kind = ""
    return found


def _pieces(line: Line, number: int) -> Iterator[_Piece]:
    """Part a line where it says “Message:” and so on."""
    starts = [0, *(hit.end() for hit in _NEXT.finditer(line.words))]
    labelled = [(at, *found) for at in starts if (found := _label(line.words[at:]))]
    if not labelled or labelled[0][0] > 0:
        alone = _heading_alone(line)
        words = "" if alone else line.words
        yield _Piece(line, number, alone, line.words if alone else "", words)
        return
    ends = [at for at, *_ in labelled[1:]] + [len(line.words)]
    for (at, role, label, length), end in zip(labelled, ends, strict=True):
        words = line.words[at + length : end].strip()
        words = words if end == len(line.words) else words.rstrip(" |;–—,")
        yield _Piece(line, number, role, label, words)


def _label(words: str) -> tuple[str, str, int] | None:
    hit = _LABEL.match(words)
    role = headings.role(hit[1]) if hit and len(hit[1].split()) <= 5 else ""
    return (role, hit[1].strip(), hit.end()) if hit and role else None


def _heading_alone(line: Line) -> str:
    """Give the role of a line that holds a heading and nothing else."""
    if len(line.words.split()) > 5 or not (line.heading or line.words.endswith((":", "："))):
        return ""
    return headings.role(line.words)


def _groups(pieces: Sequence[_Piece]) -> Iterator[_Group]:
    group: _Group | None = None
    role, label_indent, asked = "", 0, False
    for at, piece in enumerate(pieces):
        if _names_audience(pieces, at, role, label_indent, asked=asked):
            if group:
                yield group
            group = _Group(audience=piece.words.rstrip(" :："), number=piece.number)
            role, asked = "", False
        elif piece.role == "audience":
            asked = True  # its name stands below
        elif piece.role in _GATHERED and group:
            role, label_indent = piece.role, piece.line.indent
            group.said.setdefault(role, []).extend([piece.words] if piece.words else [])
        elif piece.line.heading:
            role = ""
        elif piece.words and group and role:
            _go_on(group.said[role], piece, pieces[at - 1])
    if group:
        yield group


def _names_audience(
    pieces: Sequence[_Piece], at: int, role: str, label_indent: int, *, asked: bool
) -> bool:
    """Say whether an audience begins here: by its label, or by what stands below it."""
    piece = pieces[at]
    if piece.role == "audience" or (asked and piece.words and not piece.role):
        return bool(piece.words)
    if piece.role or not piece.words or len(piece.words) > _LONGEST:
        return False
    below = next((one for one in pieces[at + 1 :] if one.role or one.words), None)
    if below is None or below.role not in _GATHERED:
        return False
    if piece.line.heading or below.line.heading:
        return bool(piece.line.heading)
    return not role or piece.line.indent < label_indent or not piece.line.bullet


def _go_on(said: list[str], piece: _Piece, before: _Piece) -> None:
    """Add what stands below a label; a line that is no point of a list goes on with the last."""
    if said and not piece.line.bullet and before.line.words:
        said[-1] = f"{said[-1]} {piece.words}"
    else:
        said.append(piece.words)


def _row(group: _Group) -> Row:
    said = {name: "\n".join(group.said.get(name, [])) for name in _GATHERED}
    said["message"] = "\n\n".join(group.said["message"])
    return Row(audience=group.audience, place=f"line {group.number}", **said)
