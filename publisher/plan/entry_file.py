"""An entry's file: front matter between lines of `---`, then words with `::: for …` blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from publisher.kit.nearest import meant
from publisher.models.errors import Problem

SELECTORS = ("language", "form", "channel", "audience", "organisation")

_FENCE = re.compile(r"-{3}[ \t]*\Z")
_BEGIN = re.compile(r"(:{3,})[ \t]*for\b(.*)\Z")
_COLONS = re.compile(r"(:{3,})(.*)\Z")
_SAID = re.compile(r"([^\s=]*)=(\"[^\"]*\"|\S*)|(\S+)")


@dataclass(kw_only=True)
class Block:
    """Lines of the body: words for some of the cells, or for all of them if outside a block.

    Lines count from 1 in the file; `first` is the block's own line, `last` that of its end.
    """

    first: int
    last: int
    fence: int  #: how many colons it began with; 0 outside any block
    selectors: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    clear: bool = True  #: whether its selectors could be read

    @property
    def words(self) -> str:
        """The words, without the empty lines around them."""
        return "\n".join(self.lines).strip()


@dataclass(kw_only=True)
class EntryFile:
    """The two halves of a file."""

    front: str
    front_line: int  #: the line of the file that the front matter begins on
    body_line: int
    blocks: list[Block]


def entry_file(text: str, path: str, problems: list[Problem]) -> EntryFile | None:
    """Split an entry's text; None if it has no front matter."""
    lines = text.split("\n")
    if not _FENCE.match(lines[0]):
        sentence = "an entry begins with a line of ---, then title: and so on, then --- again"
        problems.append(Problem(path=path, line=1, sentence=sentence))
        return None
    end = next((at for at, line in enumerate(lines[1:], 1) if _FENCE.match(line)), None)
    if end is None:
        sentence = "the front matter that begins here has no second line of ---"
        problems.append(Problem(path=path, line=1, sentence=sentence))
        return None
    body = lines[end + 1 :]
    return EntryFile(
        front="\n".join(lines[1:end]) + "\n",
        front_line=2,
        body_line=end + 2,
        blocks=_blocks(body, end + 2, path, problems),
    )


def _blocks(body: list[str], first: int, path: str, problems: list[Problem]) -> list[Block]:
    blocks = [Block(first=first, last=first - 1, fence=0)]
    for number, line in enumerate(body, first):
        here = blocks[-1]
        colons = _COLONS.match(line)
        # fewer colons than the block began with are only words
        if colons and len(colons[1]) >= here.fence:
            _turn(colons, number, path, blocks, problems)
        else:
            here.lines.append(line)
            here.last = number
    if blocks[-1].fence:
        problems.append(_unclosed(blocks[-1], path))
    return [block for block in blocks if block.fence or block.words]


def _turn(
    colons: re.Match[str], number: int, path: str, blocks: list[Block], problems: list[Problem]
) -> None:
    """Begin or end a block at a line of colons."""
    here = blocks[-1]
    begin = _BEGIN.match(colons[0])
    if begin:
        if here.fence:
            problems.append(_unclosed(here, path))
        known = len(problems)
        selectors = _selectors(begin[2], number, path, problems)
        blocks.append(
            Block(
                first=number,
                last=number,
                fence=len(begin[1]),
                selectors=selectors,
                clear=len(problems) == known,
            )
        )
    elif colons[2].strip():
        sentence = f"“{colons[0].strip()}” is not known here; write ::: for language=fr, or :::"
        problems.append(Problem(path=path, line=number, sentence=sentence))
    elif here.fence:
        here.last = number
        blocks.append(Block(first=number + 1, last=number, fence=0))
    else:
        problems.append(
            Problem(path=path, line=number, sentence="ends a block where none has begun")
        )


def _unclosed(block: Block, path: str) -> Problem:
    colons = ":" * block.fence
    sentence = f"the block that begins here is not closed; end it with a line of {colons}"
    return Problem(path=path, line=block.first, sentence=sentence)


def _selectors(said: str, line: int, path: str, problems: list[Problem]) -> dict[str, str]:
    selectors: dict[str, str] = {}

    def wrong(sentence: str) -> None:
        problems.append(Problem(path=path, line=line, sentence=sentence))

    for name, value, bare in _SAID.findall(said):
        if bare:
            wrong(f"“{bare}” says nothing; write a name and a value, such as language=fr")
        elif name not in SELECTORS:
            wrong(f"“{name}” is not a word that can stand here{meant(name, SELECTORS)}")
        elif name in selectors:
            wrong(f"says {name} twice")
        else:
            selectors[name] = value.strip('"')
    if not said.strip():
        wrong("does not say for which cells; write ::: for language=fr, for example")
    return selectors
