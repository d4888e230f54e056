"""Run a template within its budget, and say where it went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Template
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError

from publisher.models.errors import PlanError, Problem
from publisher.render.budget import TooMuch, allowance

#: What a template can bring about; anything else is a fault of ours.
FAULTS = (
    TemplateError,
    TooMuch,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)


def run(
    load: Callable[[], Template], names: Mapping[str, Any], *, path: str, field: str = ""
) -> str:
    """Render the template that `load` gives.

    Args:
        load: finds and compiles it, which may go wrong as well.
        names: its context.
        path: the file to name when the error does not say which.
        field: what of that file it is.

    Raises:
        PlanError: naming the template's file and line.
    """
    with allowance():
        try:
            return load().render(names)
        except FAULTS as error:
            raise PlanError([_problem(error, path, field)]) from error


def _problem(error: Exception, path: str, field: str) -> Problem:
    file, line = _place(error)
    if isinstance(error, TemplateSyntaxError):
        file, line = _file(error.filename), error.lineno
    if file:
        return Problem(path=file, line=line, sentence=_sentence(error))
    sentence = f"in line {line} of these words: {_sentence(error)}" if line else _sentence(error)
    return Problem(path=path, field=field, sentence=sentence)


def _sentence(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    if isinstance(error, TemplateNotFound):
        return f"there is no template “templates/{error.name}”"
    if isinstance(error, SyntaxError):
        return "its blocks are nested too deeply"
    return str(error) or type(error).__name__


def _place(error: Exception) -> tuple[str, int | None]:
    # Jinja rewrites the traceback so that frames stand in the template's own file and line.
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        name = frame.f_code.co_filename
        if name.startswith("templates/") or name in ("<template>", "<unknown>"):
            return _file(name), line
    return "", None


def _file(name: str | None) -> str:
    return name if name and name.startswith("templates/") else ""
