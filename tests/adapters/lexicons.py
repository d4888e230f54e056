"""Holds what is sent to a server of the AT Protocol against its own lexicons."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from publisher.kit.text import graphemes


class Lexicons:
    """The lexicons of an archive.

    Args:
        archive: a tar of JSON files.
    """

    def __init__(self, archive: Path) -> None:
        self._documents = _documents(archive)

    def complaints(self, name: str, value: Any) -> list[str]:
        """Say what is wrong with a record, or with a procedure's input; a sentence each."""
        main = self._documents[name]["defs"]["main"]
        if main["type"] == "record":
            return list(self._object(main["record"], value, name, name))
        if main["input"]["encoding"] != "application/json":
            return []
        return list(self._object(main["input"]["schema"], value, name, name))

    def _object(self, shape: Any, value: Any, home: str, at: str) -> Iterator[str]:
        properties = shape.get("properties", {})
        yield from (f"{at} lacks {one}" for one in shape.get("required", ()) if one not in value)
        for name, one in value.items():
            if name == "$type":
                continue
            if name not in properties:
                yield f"{at} knows no {name}"
                continue
            yield from self._value(properties[name], one, home, f"{at}.{name}")

    def _value(self, shape: Any, value: Any, home: str, at: str) -> Iterator[str]:
        kind = shape["type"]
        if kind == "ref":
            shape, home = self._find(shape["ref"], home)
            yield from self._value(shape, value, home, at)
        elif kind == "union":
            allowed = {one if "#" not in one[:1] else home + one for one in shape["refs"]}
            if value.get("$type") not in allowed:
                yield f"{at} is none of {sorted(allowed)}"
                return
            shape, home = self._find(value["$type"], home)
            yield from self._object(shape, value, home, at)
        elif kind == "object":
            yield from self._object(shape, value, home, at)
        elif kind == "array":
            if len(value) > shape.get("maxLength", len(value)):
                yield f"{at} is too long"
            for one in value:
                yield from self._value(shape["items"], one, home, at)
        else:
            yield from _plain(shape, value, at)

    def _find(self, reference: str, home: str) -> tuple[Any, str]:
        document, _, name = reference.partition("#")
        return self._documents[document or home]["defs"][name or "main"], document or home


def _plain(shape: Any, value: Any, at: str) -> Iterator[str]:
    if shape["type"] == "string":
        if len(value.encode()) > shape.get("maxLength", 1 << 30):
            yield f"{at} has too many bytes"
        if graphemes(value) > shape.get("maxGraphemes", 1 << 30):
            yield f"{at} has too many graphemes"
    elif shape["type"] == "integer" and value < shape.get("minimum", 0):
        yield f"{at} is too small"
    elif shape["type"] == "blob" and value.get("$type") != "blob":
        yield f"{at} is no blob"


@cache
def _documents(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as read:
        files = [read.extractfile(one) for one in read if one.name.endswith(".json")]
        documents = [json.loads(file.read()) for file in files if file is not None]
    return {one["id"]: one for one in documents}
