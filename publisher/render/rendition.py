"""What a cell says: the one door to rendering, for preview and for sending."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from html import escape

import publisher.render.forms
from publisher.kit.text import one_line, without_controls
from publisher.kit.typst import literal
from publisher.models.cell import Cell
from publisher.models.content import HOLE, Content
from publisher.models.errors import PlanError, Problem
from publisher.models.form import Sources
from publisher.render.holes import SAMPLES
from publisher.render.look import Look
from publisher.render.press import press


@cache
def forms() -> dict[str, Look]:
    """Give each form by its name: one file each in `publisher/render/forms/`."""
    found = [
        importlib.import_module(f"publisher.render.forms.{module.name}").form
        for module in pkgutil.iter_modules(publisher.render.forms.__path__)
    ]
    return {form.name: form for form in sorted(found, key=lambda form: form.name)}


def render(cell: Cell, sources: Sources, *, site_url: str) -> Content:
    """Render a cell, with a hole for each value that only a reader or the hand-over knows.

    Raises:
        PlanError: with each thing that is wrong, such as an unknown template variable.
        KeyError: its form is not there yet; see `forms`.
    """
    return forms()[cell.form].render(cell, sources, site_url=site_url)


def check(cell: Cell, content: Content) -> list[Problem]:
    """Say what would be refused or could not be read: lengths, alt texts, missing words.

    A document is set once, with samples: what Typst or a font lacks would else be found out
    when its number is given away already.
    """
    if problems := list(forms()[cell.form].check(cell, content)):
        return problems
    try:
        if "document" in content.parts:
            pdf(content, SAMPLES)
    except PlanError as error:
        return error.problems
    return []


def fill(content: Content, values: Mapping[str, str]) -> dict[str, str]:
    """Put one reader's values where their holes are, escaped for their part.

    Raises:
        PlanError: a value is missing, or a template that branches on one goes wrong.
    """
    clean = _clean(values)
    return {name: _filled(name, part, clean) for name, part in _parts(content, clean).items()}


def pdf(content: Content, values: Mapping[str, str]) -> bytes:
    """Set a circular's document, tagged for readers' aids (PDF/UA-1).

    The same content and values give the same bytes.

    Raises:
        PlanError: a value is missing, the document is not Typst, or no font has its letters.
    """
    clean = _clean(values)
    source = _filled("document", _parts(content, clean)["document"], clean)
    return press(source, f"templates/{content.form}/document.typ.j2")


def _parts(content: Content, values: Mapping[str, str]) -> Mapping[str, str]:
    if not content.program:
        return content.parts
    return forms()[content.form].again(content, values)


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    """Take out what could be mistaken for a hole's mark."""
    return {
        name: value.translate(_NO_MARKS) if "\ue000" in value or "\ue001" in value else value
        for name, value in values.items()
    }


_NO_MARKS = {0xE000: None, 0xE001: None}


def _filled(name: str, part: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            sentence = f"nobody gave a value for “{match[1]}” in the part “{name}”"
            raise PlanError([Problem(path="templates", sentence=sentence)])
        return written(name, values[match[1]])

    return HOLE.sub(value, part)


def written(part: str, value: str) -> str:
    """Escape a value for the part it goes into."""
    if part == "html":
        return escape(without_controls(value))
    if part == "document":
        return literal(one_line(value))[1:-1]
    return without_controls(value) if part == "text" else one_line(value)
