"""What a cell says: the one door to rendering, for preview and for sending."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import publisher.render.forms
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem
from publisher.models.form import Sources
from publisher.render.filling import filled, without_marks
from publisher.render.holes import SAMPLES
from publisher.render.look import Look
from publisher.render.made import once


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
    """Say what would be refused or could not be read: lengths, alt texts, missing words, files."""
    return words_problems(cell, content) or files_problems(content)


def files_problems(content: Content) -> list[Problem]:
    """Say what keeps the files that go with it from being made.

    They are made once, with samples: what Typst or a font lacks would else be found out when a
    circular's number is given away already.
    """
    try:
        attachments(content, SAMPLES)
    except PlanError as error:
        return error.problems
    return []


def words_problems(cell: Cell, content: Content) -> list[Problem]:
    """Say what is wrong with the words alone, as `check` does; no file is made."""
    return list(forms()[cell.form].check(cell, content))


def fill(content: Content, values: Mapping[str, str]) -> dict[str, str]:
    """Put one reader's values where their holes are, escaped for their part.

    Raises:
        PlanError: a value is missing, or a template that branches on one goes wrong.
    """
    return filled(opened(content, values), without_marks(values))


def opened(content: Content, values: Mapping[str, str]) -> Mapping[str, str]:
    """Give what `fill` fills: the parts as they are for one reader, with holes for its values.

    Raises:
        PlanError: a template that branches on a value goes wrong with it.
    """
    return forms()[content.form].parts(content, without_marks(values))


def attachments(content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
    """Make the files that go with frozen content; the same content and values, the same bytes.

    Raises:
        PlanError: a value is missing, or one cannot be made, as when no font has its letters.
    """
    form = forms()[content.form]
    if type(form).attachments is Look.attachments:
        return ()
    return once(content, values, lambda: form.attachments(content, values))
