"""What is compiled into every template so that none can hang or fill the process it runs in.

Each loop turn, macro and call takes a step; each print is counted; operators and filters that
can make much out of little look at the size first. What is left has no way to work for long
without taking steps.
"""

# ruff: noqa: N802  # Jinja calls a visitor's methods by the names of its nodes

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar, cast

from jinja2 import nodes, pass_eval_context
from jinja2.exceptions import TemplateAssertionError
from jinja2.filters import FILTERS, make_attrgetter
from jinja2.tests import TESTS
from jinja2.visitor import NodeTransformer

from publisher.render import budget
from publisher.render.holes import Value, plain

_ANode = TypeVar("_ANode", bound=nodes.Node)

#: Jinja's filters whose work is in proportion to what they are given. Left out are those that
#: make much out of little (`center`, `indent`, `slice`), that take quadratic time (`striptags`,
#: `sum`), or that print what should not be printed (`pprint`, `tojson`, and `safe`: what is HTML
#: already, such as `words.html`, says so itself).
LINEAR_FILTERS = frozenset(
    {
        *("abs", "batch", "capitalize", "count", "d", "default", "e", "escape", "first", "float"),
        *("forceescape", "groupby", "int", "items", "join", "last", "length", "list", "lower"),
        *("map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
        *("select", "selectattr", "sort", "string", "title", "trim", "truncate", "unique"),
        *("upper", "urlencode", "wordcount"),
    }
)

_REFUSED_NAMES = frozenset({"varargs", "kwargs"})


def _call(method: str, *arguments: nodes.Expr, lineno: int) -> nodes.Call:
    called = nodes.EnvironmentAttribute(method, lineno=lineno)
    return nodes.Call(called, list(arguments), [], None, None, lineno=lineno)


def _printed(body: Iterable[nodes.Node]) -> int:
    """Count the fixed characters one pass through `body` prints."""
    return sum(
        len(data.data)
        for node in body
        for data in [node, *node.find_all(nodes.TemplateData)]
        if isinstance(data, nodes.TemplateData)
    )


class Guard(NodeTransformer):
    """Puts the steps in."""

    def _stepped(self, node: _ANode, body: str = "body") -> _ANode:
        self.generic_visit(node)
        inner: list[nodes.Node] = getattr(node, body)
        size = nodes.Const(_printed(inner), lineno=node.lineno)
        step = nodes.ExprStmt(_call("step", size, lineno=node.lineno), lineno=node.lineno)
        setattr(node, body, [step, *inner])
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:
        """Each turn is a step."""
        return self._stepped(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:
        """Each call is a step."""
        return self._stepped(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:
        """Each `caller()` is a step."""
        return self._stepped(node)

    def visit_Block(self, node: nodes.Block) -> nodes.Block:
        """Each `self.block()` is a step."""
        return self._stepped(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:
        """`a ~ b` looks at the length first."""
        self.generic_visit(node)
        return _call("joined", *node.nodes, lineno=node.lineno)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:
        """A slice is counted; Jinja would leave it to Python."""
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds = (node.arg.start, node.arg.stop, node.arg.step)
        given = [bound or nodes.Const(None, lineno=node.lineno) for bound in bounds]
        return _call("sliced", node.node, *given, lineno=node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        """`in` cannot ask a hole that stands on its left; so it is given the value."""
        self.generic_visit(node)
        if any(operand.op in ("in", "notin") for operand in node.ops):
            node.expr = _call("plain", node.expr, lineno=node.lineno)
        return node

    def visit_List(self, node: nodes.List) -> nodes.List:
        """A list holds values; see `leaf`."""
        self.generic_visit(node)
        node.items = [self._leaf(item) for item in node.items]
        return node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Tuple:
        """A tuple holds values; see `leaf`."""
        self.generic_visit(node)
        if node.ctx == "load":
            node.items = [self._leaf(item) for item in node.items]
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Pair:
        """A mapping holds values; see `leaf`."""
        self.generic_visit(node)
        node.value = self._leaf(node.value)
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Name:
        """`varargs` and `kwargs` nest without end."""
        if node.name in _REFUSED_NAMES:
            raise TemplateAssertionError(f"“{node.name}” may not be used", node.lineno)
        return node

    @staticmethod
    def _leaf(item: nodes.Expr) -> nodes.Expr:
        if isinstance(item, nodes.Literal):
            return item
        return _call("leaf", item, lineno=item.lineno)


def leaf(value: Value) -> Value:
    """Let a list hold anything but lists made elsewhere.

    Twice itself sixty times over is more than any comparison ends on.
    """
    if isinstance(value, (list, tuple, dict, set)) or hasattr(value, "__next__"):
        raise budget.TooMuch("a list made of other lists may not be used")
    return plain(value)  # filters on lists ask whether an item is a string


def scalar(value: Value) -> Value:
    """Let words, numbers and dates be printed, and nothing that holds other values."""
    if isinstance(value, (list, tuple, dict, set)) or hasattr(value, "__next__"):
        raise budget.TooMuch("a list is printed whole; print its items instead")
    return value


def watched(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter or test a step, and let it see a hole's value."""

    @functools.wraps(function)
    def seen(*arguments: Value, **named: Value) -> Value:
        result = function(*map(plain, arguments), **{key: plain(val) for key, val in named.items()})
        budget.made(result)
        return result

    return seen


@pass_eval_context
def _replace(
    context: nodes.EvalContext, text: Value, old: str, new: str, count: int | None = None
) -> Value:
    length = len(str(text))
    budget.text_of(length + (str(text).count(str(old)) if old else length) * len(str(new)))
    return FILTERS["replace"](context, text, old, new, count)


@pass_eval_context
def _join(
    context: nodes.EvalContext, value: Iterable[Any], d: str = "", attribute: str | None = None
) -> Value:
    parts = [plain(part) for part in _listed(value)]
    if attribute is not None:
        inner = make_attrgetter(context.environment, attribute)
        parts = [plain(inner(part)) for part in parts]
    budget.text_of(sum(len(str(scalar(part))) + len(str(d)) for part in parts))
    return FILTERS["join"](context, parts, d)


def _listed(value: Iterable[Any]) -> list[Any]:
    made = list(islice(value, budget.MAX_ITEMS + 1))
    budget.items_of(len(made))
    return made


def _batch(value: Iterable[Any], linecount: int, fill_with: Value = None) -> Value:
    budget.items_of(linecount)
    return FILTERS["batch"](value, linecount, fill_with)


def _round(value: float, precision: int = 0, method: Value = "common") -> float:
    if abs(precision) > 12:
        raise budget.TooMuch("a number is rounded to 12 places at most")
    return float(FILTERS["round"](value, precision, method))


def _string(value: Value) -> Value:
    return FILTERS["string"](scalar(value))


def small_range(*arguments: int) -> range:
    """Python's `range`, of at most `MAX_ITEMS` numbers."""
    made = range(*arguments)
    budget.items_of(len(made))
    return made


_OURS = {
    "batch": _batch,
    "join": _join,
    "list": _listed,
    "replace": _replace,
    "round": _round,
    "string": _string,
}


def filters() -> dict[str, Callable[..., Any]]:
    """Give the filters a designer's template may use, less those of `publisher.render`."""
    return {name: watched(_OURS.get(name, FILTERS[name])) for name in LINEAR_FILTERS}


def tests() -> dict[str, Callable[..., Any]]:
    """Give Jinja's tests; all are cheap."""
    return {name: watched(cast("Callable[..., Any]", test)) for name, test in TESTS.items()}
