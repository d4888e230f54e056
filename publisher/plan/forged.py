"""Signs that stand for a reader's own values: nobody may write them, in whatever disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from publisher.models.errors import Problem
from publisher.plan.folder import FORBIDDEN

#: the marks of holes (models/content.py), as HTML or a string in a template writes them
IN_DISGUISE = re.compile(r"&#0*(?:57344|57345|x0*e00[01]);?|\\(?:u|U0000)e00[01]", re.IGNORECASE)


def forged(said: object, *, path: str) -> list[Problem]:
    """Find them in an object of the plan that no file holds, such as a form's."""
    return [
        Problem(path=path, field=field, sentence="holds a sign that nobody can write; take it out")
        for field, text in _texts("", said)
        if FORBIDDEN.search(text) or IN_DISGUISE.search(text)
    ]


def _texts(where: str, said: object) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield where, said
    elif isinstance(said, Mapping):
        for name, value in said.items():
            yield from _texts(f"{where}.{name}".lstrip("."), str(name))
            yield from _texts(f"{where}.{name}".lstrip("."), value)
    elif isinstance(said, Sequence):
        for number, value in enumerate(said):
            yield from _texts(f"{where}.{number}".lstrip("."), value)
