"""What was read of a plan folder: the plan, what is wrong with it, and where things stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from publisher.models.errors import Problem
from publisher.models.specs import Plan
from publisher.plan.check import Finding, findings
from publisher.plan.sentences import at
from publisher.plan.tree import Node


@dataclass(frozen=True, kw_only=True)
class Source:
    """A folder's plan as far as it could be read."""

    plan: Plan
    problems: list[Problem]  #: of single files; `all_problems` has those between files as well
    trees: Mapping[str, Node]  #: by path
    words: Mapping[str, list[int]]  #: by an entry's path: the line of each of its variants
    within: Mapping[str, str]  #: by `<kind>/<slug>`: the field it stands in, such as `outlets.x`
    #: `<kind>/<slug>` of what a file was there for, but could not be read
    unread: frozenset[str] = field(default_factory=frozenset)

    def all_problems(self, adapters: Iterable[str] | None = None) -> list[Problem]:
        """Give every problem of the files and between them, in the order of path and line."""
        found = [
            self.placed(self._problem(finding))
            for finding in findings(self.plan, adapters=adapters)
            if not self._may_be_mistaken(finding)
        ]
        return sorted([*self.problems, *found], key=_order)

    def placed(self, problem: Problem) -> Problem:
        """Give a problem its line and column, if its field is known."""
        if problem.line is not None or problem.path not in self.trees:
            return problem
        parts = problem.field.split(".")
        lines = self.words.get(problem.path, [])
        if parts[0] == "words" and len(parts) > 1 and int(parts[1]) < len(lines):
            return replace(problem, line=lines[int(parts[1])])
        node = at(self.trees[problem.path], parts)
        return replace(problem, line=node.line, column=node.column)

    def _problem(self, finding: Finding) -> Problem:
        thing = f"{finding.kind}/{finding.slug}"
        parts = [part for part in (self.within.get(thing, ""), finding.field) if part]
        path = self.plan.paths.get(thing, thing)
        return Problem(path=path, field=".".join(parts), sentence=finding.sentence)

    def _may_be_mistaken(self, finding: Finding) -> bool:
        """Whether it may only seem so because some file could not be read."""
        if not self.unread:
            return False
        kind = finding.missing.partition("/")[0]
        hidden = {"outlet": "channel", "event": "calendar"}.get(kind)
        return (
            finding.needs_all
            or finding.missing in self.unread
            or any(thing.startswith(f"{hidden}/") for thing in self.unread)
        )


def _order(problem: Problem) -> tuple[str, int, int]:
    return problem.path, problem.line or 0, problem.column or 0
