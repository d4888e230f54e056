"""What an officer may write between braces: merge fields, `if`, and eight filters.

The words are parsed as Jinja2 and every node is looked up in a list of what is allowed, so that
words from a person, or from a file nobody reviewed, can neither loop nor reach further.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache

import jinja2
from jinja2 import Template, nodes
from jinja2.exceptions import TemplateSyntaxError

from publisher.kit.nearest import meant
from publisher.models.errors import PlanError, Problem
from publisher.render.holes import Value
from publisher.render.running import run
from publisher.render.sandbox import Environment
from publisher.render.variants import Chosen

FILTERS = ("capitalize", "date", "default", "first", "lower", "title", "trim", "upper")

_ALLOWED = (
    nodes.And,
    nodes.Compare,
    nodes.CondExpr,
    nodes.Const,
    nodes.Filter,
    nodes.Getattr,
    nodes.If,
    nodes.Name,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Template,
    nodes.TemplateData,
)
_CALLED = {
    nodes.For: "a loop",
    nodes.Call: "a call",
    nodes.Include: "an include",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Extends: "extends",
    nodes.Macro: "a macro",
    nodes.Assign: "a set",
    nodes.AssignBlock: "a set",
    nodes.Test: "a test with “is”",
    nodes.Concat: "“~”",
    nodes.Getitem: "brackets",
}
#: What stands before a dot or alone; `publisher.render.context` and `holes` say what is in each.
NAMES = frozenset(
    [
        "reader",
        "entry",
        "organisation",
        "audience",
        "channel",
        "circular",
        "paper",
        "language",
        "site_url",
        "unsubscribe_url",
        "preferences_url",
        "view_url",
        "seat_url",
    ]
)
_PARSER = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
LONGEST = 60_000  #: characters in one block of words


class Officers(Environment):
    """Prints marks; what stands for them is put in once the Markdown has been read."""

    kind = "words"

    def __init__(self) -> None:
        super().__init__()
        self.globals = {}
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}

    def shown(self, value: Value) -> str:
        """Keep the value and print its mark."""
        return _marker.get()("" if value is None else str(value))


_marker: ContextVar[Callable[[str], str]] = ContextVar("marker")


def merged(chosen: Chosen, names: Mapping[str, Value], marker: Callable[[str], str]) -> str:
    """Do what stands between braces; `marker` keeps a printed value and gives its mark.

    Raises:
        PlanError: there is something that is not allowed, or that is not known.
    """
    source = chosen.markdown
    if "{" not in source and len(source) <= LONGEST:
        return source
    check(chosen)
    token = _marker.set(marker)
    try:
        return run(lambda: _template(source), names, path=chosen.path, field=chosen.field)
    finally:
        _marker.reset(token)


@cache
def _environment() -> Officers:
    return Officers()


@lru_cache(maxsize=512)
def _template(source: str) -> Template:
    return _environment().from_string(source)


def check(chosen: Chosen) -> None:
    """Hold an officer's words to what is allowed.

    Raises:
        PlanError: with each thing that is not, and the line of the words it stands on.
    """
    sentences = _sentences(chosen.markdown)
    if sentences:
        raise PlanError(
            [Problem(path=chosen.path, field=chosen.field, sentence=each) for each in sentences]
        )


@lru_cache(maxsize=512)
def _sentences(source: str) -> tuple[str, ...]:
    if len(source) > LONGEST:
        return (f"these words have {len(source):,} characters; {LONGEST:,} are the most",)
    try:
        parsed = _PARSER.parse(source)
        found = [(node.lineno, _refused(node)) for node in parsed.find_all(nodes.Node)]
    except TemplateSyntaxError as error:
        return (f"{_place(error.lineno)}: {error.message}",)
    except RecursionError:
        return ("braces are nested too deeply",)
    return tuple(f"{_place(line)}: {what}" for line, what in found if what)


def _place(line: int) -> str:
    return f"in line {line} of these words"


def _refused(node: Value) -> str | None:
    if type(node) not in _ALLOWED:
        called = _CALLED.get(type(node), f"“{type(node).__name__.lower()}”")
        return f"{called} may not stand in words; merge fields and if may"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"there is no filter “{node.name}” for words{meant(node.name, FILTERS)}"
    if isinstance(node, nodes.Name) and node.name not in NAMES:
        return f"there is no merge field “{node.name}”{meant(node.name, NAMES)}"
    if isinstance(node, nodes.Getattr) and not isinstance(node.node, (nodes.Name, nodes.Getattr)):
        return "a merge field is written like reader.name"
    return None
