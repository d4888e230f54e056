"""An entry from its file: front matter to a spec, blocks to variants."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from publisher.kit.recurrence import checked_rule
from publisher.models.errors import Problem
from publisher.models.specs import AtWallTime, EntrySpec, Variant
from publisher.models.specs.shared import LANGUAGE
from publisher.plan.entry_file import Block, EntryFile, entry_file
from publisher.plan.forged import IN_DISGUISE
from publisher.plan.reading import Reading
from publisher.plan.sentences import at
from publisher.plan.tree import Node, tree

#: a repetition counts from its first time, which had better not be in the year 1000
_YEARS = range(2000, 2200)


def read_entry(reading: Reading, path: str) -> None:
    """Read `calendar/<slug>.md`."""
    slug = reading.slug(path)
    text = reading.text(path)
    file = None if text is None else entry_file(text, path, reading.problems)
    node = None if file is None else _front(reading, path, file)
    if slug is None or file is None or node is None:
        reading.unread.add(f"entry/{slug}")
        return
    before = len(reading.problems)
    words = _words(reading, path, file, _language(reading, path, node))
    said = {"slug": slug, "words": words or [Variant(language="en", words="-")]}
    spec = reading.spec(EntrySpec, node, path, said=said, added=("language",))
    if spec is not None:
        _check_times(reading, path, node, spec)
    reading.keep("entry", slug, spec if len(reading.problems) == before else None, path)


def _front(reading: Reading, path: str, file: EntryFile) -> Node | None:
    node = tree(file.front, path, reading.problems, first_line=file.front_line)
    return reading.kept(path, node)


def _language(reading: Reading, path: str, node: Node) -> str:
    """Give the language of words that do not say theirs."""
    if "language" not in node.entries:
        return "en"
    value = node.entries["language"][1]
    if isinstance(value.value, str) and LANGUAGE.match(value.value):
        return value.value
    sentence = f"“{value.value}” is not a language tag such as en, fr or zh-Hans"
    reading.wrong(path, sentence, field="language", line=value.line, column=value.column)
    return "en"


def _words(reading: Reading, path: str, file: EntryFile, language: str) -> list[Variant]:
    """Give the variants in the order of the file, the words outside any block joined to one."""
    variants: dict[tuple[str | None, ...], tuple[Variant, int]] = {}
    for block in _joined(file.blocks):
        variant = _variant(reading, path, block, language)
        if variant is None:
            continue
        cells = tuple(variant.model_dump(exclude={"words"}).values())
        if cells in variants:
            sentence = f"these cells have their words already, on line {variants[cells][1]}"
            reading.wrong(path, sentence, line=block.first)
        else:
            variants[cells] = (variant, block.first)
    if not file.blocks:
        sentence = "the entry has no words; write them below the front matter"
        reading.wrong(path, sentence, line=file.body_line)
    reading.words[path] = [line for _, line in variants.values()]
    return [variant for variant, _ in variants.values()]


def _joined(blocks: list[Block]) -> list[Block]:
    outside = [block for block in blocks if not block.fence]
    if len(outside) < 2:
        return blocks
    lines = [line for block in outside for line in [*block.words.split("\n"), ""]]
    whole = replace(outside[0], lines=lines)
    return [whole if block is outside[0] else block for block in blocks if block not in outside[1:]]


def _variant(reading: Reading, path: str, block: Block, language: str) -> Variant | None:
    if not block.clear:
        return None
    if not block.words:
        reading.wrong(path, "the block has no words", line=block.first)
        return None
    raw = "\n".join(block.lines)
    if forged := IN_DISGUISE.search(raw):
        line = block.first + bool(block.fence) + raw.count("\n", 0, forged.start())
        reading.wrong(path, f"“{forged[0]}” stands for a character that is kept for us", line=line)
        return None
    said: dict[str, Any] = {"language": language, **block.selectors, "words": block.words}
    try:
        return Variant.model_validate(said)
    except ValidationError as error:
        for detail in error.errors():
            sentence = str(detail.get("ctx", {}).get("error", detail["msg"]))
            name = str(detail["loc"][0])
            reading.wrong(path, sentence, field=name, line=block.first)
        return None


def _check_times(reading: Reading, path: str, node: Node, entry: EntrySpec) -> None:
    """Check what pydantic cannot: the rule, and that the other fields agree with it."""
    begins = entry.when.at if isinstance(entry.when, AtWallTime) else None

    def wrong(field: str, sentence: str) -> None:
        place = at(node, [field])
        reading.problems.append(
            Problem(path=path, line=place.line, column=place.column, field=field, sentence=sentence)
        )

    if begins and begins.year not in _YEARS:
        wrong("when", f"the year {begins.year} is a slip; {_YEARS[0]} to {_YEARS[-1]} are possible")
    if entry.repeat is None:
        for field in ("until", "skip"):
            if getattr(entry, field):
                wrong(field, "says when not to repeat, but nothing says repeat:")
        return
    try:
        checked_rule(entry.repeat)
    except ValueError as error:
        wrong("repeat", str(error))
    if entry.when.kind == "event":
        wrong("repeat", "an entry that hangs on an event comes as often as the event does")
    if entry.until and begins and datetime.combine(entry.until, begins.time()) < begins:
        wrong("until", f"lies before the first time, {entry.when}")
