"""The filters of our own that templates may use besides Jinja's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from publisher.kit.text import one_line, width, wrapped
from publisher.kit.typst import literal
from publisher.render import budget
from publisher.render.guards import scalar, watched
from publisher.render.holes import Hole, Value, plain
from publisher.render.plain import COLUMNS


@pass_context
def long_date(context: Context, value: date | str | None) -> str:
    """Write a day in the language's own way, as `labels.yaml` says: `date` and `months`.

    A text is an ISO day, as a form's material has it; one that names no whole day, such as
    `2027-03`, stays as it is.
    """
    if not value:
        return ""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    labels = context["labels"]
    months = labels["months"].split()
    said = {"day": day.day, "month": months[day.month - 1], "month_number": day.month}
    # Not `format`: a width in the label would make much out of little.
    return put(str(labels["date"]), **said, year=day.year)


def as_literal(value: Value) -> Markup:
    """Write a Typst string literal, for code such as `title: {{ entry.title | literal }}`."""
    budget.step()
    text = value.mark if isinstance(value, Hole) else str(scalar(value))
    return Markup(literal(text))  # noqa: S704  # Typst, not HTML


def folded(value: str, first: str = "", rest: str = "") -> str:
    """Fold into lines of at most 76 columns, for plain text; see `kit.text.wrapped`."""
    if max(len(str(first)), len(str(rest))) > COLUMNS:
        raise budget.TooMuch(f"what stands before a line is longer than {COLUMNS} letters")
    return wrapped(str(value), COLUMNS, first=first, rest=rest)


def underlined(value: str, line: str = "=") -> str:
    """Fold a heading and draw a line under it, for plain text."""
    words = folded(value)
    return f"{words}\n{line[:1] * max(map(width, words.splitlines()))}" if words else ""


@pass_context
def listed(context: Context, value: Iterable[str]) -> str:
    """Join words as the language's sentences do: “ISO, IEC and ITU-T”."""
    *others, end = [str(plain(each)) for each in value] or [""]
    labels = context["labels"]
    between = len(labels["comma"]) * len(others) + len(labels["and"])
    budget.text_of(sum(map(len, others)) + len(end) + between)
    return f"{labels['comma'].join(others)}{labels['and']}{end}" if others else end


def put(value: str, **words: Value) -> str:
    """Put words where a label says `{name}`."""
    made = str(value)
    for name, word in words.items():
        hole, said = f"{{{name}}}", str(plain(word))
        budget.text_of(len(made) + made.count(hole) * len(said))
        made = made.replace(hole, said)
    return made


def lines(value: str) -> list[str]:
    """Give the lines of a text, such as a postal address's."""
    return [line.strip() for line in str(value).splitlines() if line.strip()]


#: by the name templates use
OURS: dict[str, Callable[..., Any]] = {
    "date": watched(long_date),
    "folded": watched(folded),
    "lines": watched(lines),
    "listed": watched(listed),
    "literal": as_literal,
    "one_line": watched(one_line),
    "put": watched(put),
    "underlined": watched(underlined),
}
