"""What people type into our open forms, made harmless and held to the fields' lengths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from publisher.kit.address import plain_address
from publisher.kit.text import one_line, without_controls
from publisher.render.work_item_forms import Question

#: why a field is refused: a sentence `form.<name>`
Wrong = dict[str, str]
#: letters that turn the direction of what follows, or are not seen: they hide what is said
_HIDDEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)])
_HIDDEN |= dict.fromkeys([0xFEFF, *range(0xE0000, 0xE0080), *range(0xE000, 0xE010)])
_KEPT = (0x200C, 0x200D)  # Persian and Indic letters need these two
for _letter in _KEPT:
    del _HIDDEN[_letter]


def clean(text: str, *, lines: bool) -> str:
    """Take out control characters and those that are not seen; keep line ends where asked."""
    text = text.translate(_HIDDEN)
    return without_controls(text).strip() if lines else one_line(text)


def answers(
    asked: Mapping[str, Question], given: Mapping[str, str]
) -> tuple[dict[str, str], Wrong]:
    """Read the answers to questions: what is kept, and what is wrong by name."""
    kept, wrong = {}, {}
    for name, question in asked.items():
        said = clean(given.get(name, ""), lines=question.kind == "text")
        kept[name] = said
        if not said:
            if question.required:
                wrong[name] = "form.missing"
        elif len(said) > question.most:
            wrong[name] = "form.too_long"
        elif not _fits(question, said):
            wrong[name] = f"form.wrong_{question.kind}"
    return kept, wrong


def address(given: str) -> tuple[str, str]:
    """Read an address: what is kept, and the name of a sentence if it cannot be written to."""
    try:
        return plain_address(given[:400]), ""
    except ValueError:
        return one_line(given)[:254], "subscribe.address_wrong"


def _fits(question: Question, said: str) -> bool:
    if question.kind == "choice":
        return said in question.options
    if question.kind == "date":
        return _is_day(said)
    return True


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False
