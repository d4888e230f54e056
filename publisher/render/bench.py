"""Where one cell is rendered: its context, its templates, its words, and what a reader's is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from publisher.models.content import HOLE
from publisher.models.errors import PlanError, Problem
from publisher.render import sandbox
from publisher.render.cascade import Templates
from publisher.render.context import Context
from publisher.render.holes import Noted, holes
from publisher.render.running import run
from publisher.render.words import Words


class Bench:
    """One rendering.

    With `values`, the templates see a reader's own; the parts still hold marks where they are
    printed.
    """

    def __init__(
        self, context: Context, templates: Templates, values: Mapping[str, str] | None = None
    ) -> None:
        self.context = context
        self.noted = Noted()
        self._templates = templates
        self._names: dict[str, Any] = {**context.names(), **holes(self.noted, values)}
        sandbox.TOP_NAMES[:] = [*self._names, "words"]

    @cached_property
    def words(self) -> Words:
        """The officer's words."""
        return Words(self.context, self._names)

    def part(self, name: str, **more: Any) -> str:  # noqa: ANN401  # whatever a template may see
        """Render the template `name`, such as `subject.txt.j2`, which sees `more` besides.

        Raises:
            PlanError: it is not there, or goes wrong; with its file and line.
        """
        path = f"templates/{self.context.form}/{name}"
        if not self._templates.has(name):
            sentence = "this file is missing; `publisher init` brings it"
            raise PlanError([Problem(path=path, sentence=sentence)])
        names = {**self._names, "words": self.words, **more}
        made = run(lambda: self._templates.environment(name).get_template(name), names, path=path)
        return _whole(made, path)


def _whole(text: str, path: str) -> str:
    """Refuse a text in which a filter has cut or changed a hole's mark.

    Raises:
        PlanError: it has.
    """
    if "\ue000" in text or "\ue001" in text:
        rest = HOLE.sub("", text)
        if "\ue000" in rest or "\ue001" in rest:
            sentence = "it changes or cuts words that hold a reader's value; print them whole"
            raise PlanError([Problem(path=path, sentence=sentence)])
    return text
