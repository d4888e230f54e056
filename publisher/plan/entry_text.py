"""An entry's file changed where its words or its front matter changed, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.models.specs import EntrySpec, Variant
from publisher.plan.entry_file import Block, entry_file
from publisher.plan.neat import neat, neat_entry, selectors
from publisher.plan.rewrite import rewritten, written
from publisher.plan.tree import tree

Cells = tuple[str | None, ...]


def entry_text(spec: EntrySpec) -> str:
    """Write an entry's file anew."""
    language = spec.words[0].language
    return f"---\n{written(neat_entry(spec))}---\n{_body(spec.words, language)}"


def entry_rewritten(text: str, old: EntrySpec, new: EntrySpec) -> str | None:
    """Change a file that says `old` so that it says `new`; None if it must be written anew."""
    file = entry_file(text, "", [])
    front = rewritten(file.front, neat(old), neat(new)) if file else None
    if file is None or front is None:
        return None
    language = _language(file.front)
    lines = text.split("\n")
    opening, closing = lines[0], lines[file.body_line - 2]
    body = "\n".join(lines[file.body_line - 1 :])
    if old.words != new.words:
        changed = _changed_body(lines, file.body_line, file.blocks, old.words, new.words)
        body = _body(new.words, language) if changed is None else changed
    return f"{opening}\n{front}{closing}\n{body}"


def _language(front: str) -> str:
    """Give the language of words that name none."""
    node = tree(front, "", [])
    said = node.entries.get("language") if node else None
    return str(said[1].value) if said else "en"


def _changed_body(
    lines: list[str],
    body_line: int,
    blocks: Sequence[Block],
    old: Sequence[Variant],
    new: Sequence[Variant],
) -> str | None:
    """Change single blocks; None if blocks come, go or change places."""
    if len(blocks) != len(old) or [_cells(one) for one in old] != [_cells(one) for one in new]:
        return None
    lines = list(lines)
    for block, before, after in reversed(list(zip(blocks, old, new, strict=True))):
        if before.words == after.words:
            continue
        if _colons(after.words) >= max(block.fence, 3):
            return None
        first = block.first + (1 if block.fence else 0)
        last = block.last - (1 if block.fence else 0)
        while not block.fence and not lines[first - 1].strip():
            first += 1
        while not block.fence and not lines[last - 1].strip():
            last -= 1
        lines[first - 1 : last] = after.words.split("\n")
    return "\n".join(lines[body_line - 1 :])


def _cells(variant: Variant) -> Cells:
    return tuple(variant.model_dump(exclude={"words"}).values())


def _body(words: Sequence[Variant], language: str) -> str:
    return "\n".join(_block(variant, language) for variant in words)


def _block(variant: Variant, language: str) -> str:
    said = selectors(variant, language)
    colons = _colons(variant.words)
    if not said and colons < 3:
        return f"{variant.words}\n"
    fence = ":" * max(3, colons + 1)
    said = said or {"language": language}
    chosen = " ".join(f"{name}={value}" for name, value in said.items())
    return f"{fence} for {chosen}\n{variant.words}\n{fence}\n"


def _colons(words: str) -> int:
    """How many colons the longest line of them begins with."""
    return max((len(found) for found in re.findall(r"^:{3,}", words, re.MULTILINE)), default=0)
