"""Jinja2 as templates may use it: sandboxed, strict, and held to a budget (`guards`, `budget`).

Four kinds of template, by the end of their name: html (`.html.j2`, `.mjml.j2`) escapes what it
prints for HTML, Typst (`.typ.j2`) writes it as a Typst string, Markdown (`.md.j2`) so that none of
it is read as Markdown, anything else prints it as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, nodes, pass_context
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

from publisher.kit.markup import escaped
from publisher.kit.nearest import nearest
from publisher.kit.typst import quoted
from publisher.render import budget, guards
from publisher.render.filters import OURS
from publisher.render.holes import Group, Hole, Value, plain

#: Attributes of Python's own types that are safe and cheap to call; nothing else is.
METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        {
            *("upper", "lower", "capitalize", "title", "strip", "lstrip", "rstrip", "isdigit"),
            *("startswith", "endswith", "split", "splitlines", "removeprefix", "removesuffix"),
        }
    ),
    dict: frozenset({"items", "keys", "values", "get"}),
    date: frozenset({"day", "month", "year", "hour", "minute", "weekday", "isoformat"}),
}

_FILTERS = guards.filters()
_TESTS = guards.tests()


class Unknown(StrictUndefined):
    """A name that is not there: any use of it is an error that offers the nearest right one."""

    @property
    def _undefined_message(self) -> str:
        name, known = str(self._undefined_name), _names(self._undefined_obj)
        whole = _called(self._undefined_obj)
        near = nearest(name, known)
        hint = f"; did you mean “{whole}{near}”?" if near else ""
        return f"there is no variable “{whole}{name}”{hint}"


#: What stands at the top of every template's context: set by `publisher.render.bench`.
TOP_NAMES: list[str] = []


def _names(holder: Value) -> list[str]:
    if isinstance(holder, Hole):
        return sorted(METHODS[str])
    if isinstance(holder, Group):
        return holder.names()
    if isinstance(holder, Mapping):
        return [str(key) for key in holder]
    if dataclasses.is_dataclass(holder):
        return [field.name for field in dataclasses.fields(holder)]
    return TOP_NAMES


def _called(holder: Value) -> str:
    if isinstance(holder, Group):
        return f"{holder._name}."
    if dataclasses.is_dataclass(holder):
        return f"{type(holder).__name__.removesuffix('Words').lower()}."
    return ""


class Compiled(BytecodeCache):
    """Templates compiled in this process, by name and source."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See Jinja2."""
        bucket.code = self._code.get(f"{bucket.key}{bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See Jinja2."""
        if len(self._code) > 2000:
            self._code.clear()
        self._code[f"{bucket.key}{bucket.checksum}"] = bucket.code


class Environment(ImmutableSandboxedEnvironment):
    """One kind of template; see the module."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    kind = "text"

    def __init__(self, loader: BaseLoader | None = None, **options: Value) -> None:
        super().__init__(
            loader=loader,
            undefined=Unknown,
            autoescape=self.kind == "html",
            finalize=self._printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            cache_size=200,
            optimized=False,
            **options,
        )
        self.globals = {"range": guards.small_range, "namespace": Namespace}
        self.filters = {**_FILTERS, **OURS}
        self.tests = dict(_TESTS)
        self.step = budget.step
        self.leaf = guards.leaf
        self.plain = plain

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        guarded: nodes.Template = guards.Guard().visit(parsed)
        return guarded

    @pass_context  # so that Jinja calls it for constants too, at each rendering
    def _printed(self, context: Context, value: Value) -> Value:
        del context
        if isinstance(value, Hole):
            budget.step(len(value.mark))
            return self.marked(value.mark)
        if isinstance(value, StrictUndefined):
            str(value)  # raises
        if not isinstance(value, (str, int, float, date, Markup)) and value is not None:
            raise budget.TooMuch(_not_printable(value))
        shown = self.shown(value)
        budget.step(len(str(shown)))
        return shown

    def shown(self, value: Value) -> Value:
        """Write a printed value in this kind's own way."""
        return "" if value is None else value

    def marked(self, mark: str) -> str:
        """Write a hole's mark."""
        return mark

    def joined(self, *parts: Value) -> str:
        """Do `a ~ b`: with the length looked at first."""
        texts = [plain(part) for part in parts]
        budget.text_of(sum(len(str(guards.scalar(text))) for text in texts))
        if self.kind == "html" and any(hasattr(text, "__html__") for text in texts):
            return Markup("").join(texts)
        return "".join(map(str, texts))

    def call(self, context: Context, called: Value, *arguments: Value, **named: Value) -> Value:
        """Each call is a step, and what it makes is counted."""
        budget.step()
        result = super().call(context, called, *arguments, **named)
        budget.made(result)
        return result

    def sliced(self, value: Value, *bounds: int | None) -> Value:
        """Do `value[1:2]`, which makes something new."""
        result = plain(value)[slice(*bounds)]
        budget.made(result)
        return result

    def call_binop(self, context: Context, operator_name: str, left: Value, right: Value) -> Value:
        """Do arithmetic; nothing that makes much out of little."""
        left, right = plain(left), plain(right)
        if operator_name == "+" and isinstance(left, str) and isinstance(right, str):
            budget.text_of(len(left) + len(right))
        elif operator_name == "+" and isinstance(left, list) and isinstance(right, list):
            budget.items_of(len(left) + len(right))
        elif not (_number(left) and _number(right)) or operator_name == "**":
            raise SecurityError(f"“{operator_name}” works on numbers only; join words with “~”")
        return super().call_binop(context, operator_name, left, right)

    def wrap_str_format(self, value: Value) -> None:
        """Leave `format` to `is_safe_attribute`: a width makes much out of little."""

    def is_safe_attribute(self, obj: Value, attr: str, value: Value) -> bool:
        """Let templates see fields, and of Python's own types the methods listed above."""
        if attr.startswith("_"):
            return False
        if isinstance(obj, Hole):
            return attr in METHODS[str]
        for kind, methods in METHODS.items():
            if isinstance(obj, kind):
                return attr in methods
        kept = isinstance(obj, (Namespace, LoopContext)) or isinstance(value, (Hole, Macro))
        return kept or not callable(value)

    def is_safe_callable(self, obj: Value) -> bool:
        """Let templates call macros, the two globals, loops, and the methods listed above."""
        owner = getattr(obj, "__self__", None)
        return not isinstance(owner, (int, float, list, tuple, set))


def _number(value: Value) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= budget.MAX_NUMBER


def _not_printable(value: Value) -> str:
    if dataclasses.is_dataclass(value):
        fields = ", ".join(field.name for field in dataclasses.fields(value))
        return f"print one of its fields instead of the whole: {fields}"
    return "a list is printed whole; print its items instead"


class Html(Environment):
    """Prints escaped for HTML."""

    kind = "html"


class Typst(Environment):
    """Prints as Typst strings, which nothing in them can leave."""

    kind = "typst"

    def shown(self, value: Value) -> Value:
        """A `Markup` is Typst already."""
        if value is None or isinstance(value, Markup):
            return value or ""
        return quoted(str(value))

    def marked(self, mark: str) -> str:
        """The value will stand in a string as well."""
        return quoted(mark)


class Markdown(Environment):
    """Prints words that Markdown does not read."""

    kind = "markdown"

    def shown(self, value: Value) -> Value:
        """A `Markup` is Markdown already."""
        if value is None or isinstance(value, Markup):
            return value or ""
        return escaped(str(value))


KINDS: dict[str, type[Environment]] = {
    "html": Html,
    "md": Markdown,
    "mjml": Html,
    "typ": Typst,
}


def kind_of(name: str) -> type[Environment]:
    """Give the kind of the template `html.mjml.j2`, `text.txt.j2`, `document.typ.j2`."""
    return KINDS.get(name.removesuffix(".j2").rpartition(".")[2], Environment)
