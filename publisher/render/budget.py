"""How much one rendering may cost: steps, characters, seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MAX_STEPS = 100_000  #: loop turns, calls and filters
#: printed or made on the way, counted again each time a block is printed into another
MAX_CHARACTERS = 4_000_000
MAX_TEXT = 1_000_000  #: of one value
MAX_ITEMS = 10_000  #: of one list
MAX_SECONDS = 2.0
MAX_NUMBER = 10**12


class TooMuch(Exception):
    """A template wants more than a rendering may cost."""


class Budget:
    """What is left of one rendering's allowance."""

    __slots__ = ("_characters", "_deadline", "_steps")

    def __init__(self) -> None:
        self._steps = 0
        self._characters = 0
        self._deadline = time.thread_time() + MAX_SECONDS  # of ours: a busy machine is no fault

    def step(self, characters: int = 0) -> None:
        """Take one step that prints so many characters.

        Raises:
            TooMuch: one of the limits is reached.
        """
        self._steps += 1
        self._characters += characters
        if self._steps > MAX_STEPS:
            raise TooMuch(f"it takes more than {MAX_STEPS:,} steps; does a loop never end?")
        if self._characters > MAX_CHARACTERS:
            raise TooMuch(f"it prints more than {MAX_CHARACTERS:,} characters")
        if time.thread_time() > self._deadline:
            raise TooMuch(f"it takes longer than {MAX_SECONDS:g} seconds")


_budget: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def allowance() -> Iterator[None]:
    """Count what is rendered inside; an inner allowance is part of the outer one."""
    if _budget.get(None) is not None:
        yield
        return
    token = _budget.set(Budget())
    try:
        yield
    finally:
        _budget.reset(token)


def step(characters: int = 0) -> None:
    """Take a step of the rendering under way; see `Budget.step`."""
    budget = _budget.get(None)
    if budget is not None:
        budget.step(characters)


def text_of(length: int) -> None:
    """Refuse to make a text of more than `MAX_TEXT` characters, before it is made; count it."""
    if length > MAX_TEXT:
        raise TooMuch(f"it makes one text of more than {MAX_TEXT:,} characters")
    step(length)


def items_of(count: int) -> None:
    """Refuse to make a list of more than `MAX_ITEMS` items, before it is made; count it."""
    if count > MAX_ITEMS:
        raise TooMuch(f"it makes one list of more than {MAX_ITEMS:,} items")
    step(count)


def made(value: object) -> None:
    """Count what a call or a filter has made, so that it cannot be kept without end."""
    if isinstance(value, str):
        text_of(len(value))
    elif isinstance(value, (list, tuple)):
        items_of(len(value))
    else:
        step()
