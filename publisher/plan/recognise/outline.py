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
_BEGINS = ("message", "channel", "kind")  #: one of these stands first below an audience
_WIDEST = 5_000  #: letters of a line that is looked at for several labels
_LONGEST = 120  #: letters of an audience that stands above its message


@dataclass
class _Group:
    """One audience's part of an outline."""

    audience: str
    number: int  #: of the line it begins on, from 1
    said: dict[str, list[str]] = field(default_factory=dict)
    apart: list[str] = field(default_factory=list)  #: what stands below it and may be no part of it

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
    first = min(group.number for group in groups if group.whole)
    doubts = [
        f"“{one.audience}” has no key message or no channel in the plan and was left out; is it "
        "one of its audiences?"
        for one in groups
        if one.said and not one.whole
    ]
    doubts += [f"{said}; is it part of it?" for one in groups for said in one.apart]
    return Reading(
        rows=rows,
        name="the outline",
        language=headings.language(piece.label for piece in pieces if piece.role),
        taken={one.role: one.label for one in reversed(pieces) if one.role and one.number >= first},
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
    marks = _NEXT.finditer(line.words) if len(line.words) <= _WIDEST else ()
    starts = [0, *(hit.end() for hit in marks)]
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
    label: _Piece | None = None  #: the last one, while what stands below may belong to it
    asked = False  #: for an audience, whose name stands below
    for at, piece in enumerate(pieces):
        if _names_audience(pieces, at, label, asked=asked, whole=group is None or group.whole):
            if group:
                yield group
            group = _Group(audience=piece.words.rstrip(" :：."), number=piece.number)
            label, asked = None, False
        elif piece.role == "audience":
            asked = True
        elif piece.role in _GATHERED and group:
            label = piece
            group.said.setdefault(piece.role, []).extend([piece.words] if piece.words else [])
        elif piece.line.heading:
            label = None
        elif piece.words and group and label:
            if _goes_on(group.said[label.role], label, piece, pieces[at - 1]):
                continue
            group.apart.append(
                f"“{piece.words}” stands below “{label.label}” of “{group.audience}”"
            )
            label = None
    if group:
        yield group


def _names_audience(
    pieces: Sequence[_Piece], at: int, label: _Piece | None, *, asked: bool, whole: bool
) -> bool:
    """Say whether an audience begins here: by its label, or by what stands below it."""
    piece = pieces[at]
    if piece.role == "audience" or (asked and piece.words and not piece.role):
        return bool(piece.words)
    if piece.role or not piece.words or len(piece.words) > _LONGEST:
        return False
    below = next((one for one in pieces[at + 1 :] if one.role or one.words), None)
    if below is None or below.role not in _BEGINS:
        return False
    if piece.line.heading or below.line.heading:
        return bool(piece.line.heading)
    if label is None or piece.line.indent < label.line.indent:
        return True
    return whole and piece.line.indent == label.line.indent and not piece.line.bullet


def _goes_on(said: list[str], label: _Piece, piece: _Piece, before: _Piece) -> bool:
    """Add what stands below a label, unless it stands apart and is no point of a list."""
    deeper = piece.line.indent > label.line.indent
    apart = not before.line.words or (before.line.bullet and not deeper)
    if piece.line.bullet or not said or label.line.heading:
        said.append(piece.words)
    elif deeper or not apart:
        said[-1] = f"{said[-1]} {piece.words}"
    else:
        return False
    return True


def _row(group: _Group) -> Row:
    said = {name: "\n".join(group.said.get(name, [])) for name in _GATHERED}
    said["message"] = "\n\n".join(group.said["message"])
    return Row(audience=group.audience, place=f"line {group.number}", **said)
