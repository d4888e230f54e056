"""The files of renditions, made last: asked for by who looks, who downloads and who hands over."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from publisher.models.adapter import Attachment
from publisher.models.content import Content

MOST_BYTES = 32_000_000  #: of all that is kept in a process

Files = tuple[Attachment, ...]
#: the words, which of the bytes they name are at hand, and the values that fill their holes
Key = tuple[str, frozenset[str], tuple[tuple[str, str], ...]]

_kept: OrderedDict[Key, Files] = OrderedDict()
_lock = Lock()


def once(content: Content, values: Mapping[str, str], make: Callable[[], Files]) -> Files:
    """Give the files of these words with these values; the same make the same bytes."""
    key = _key(content, values)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make()
    with _lock:
        _kept[key] = made
        while sum(map(_size, _kept.values())) > MOST_BYTES:
            _kept.popitem(last=False)
    return made


def _key(content: Content, values: Mapping[str, str]) -> Key:
    # A program may ask for any value.
    names = values.keys() if content.program else content.holes & values.keys()
    told = tuple((name, values[name]) for name in sorted(names))
    return content.sha256, frozenset(content.files), told


def _size(files: Files) -> int:
    return sum(len(file.content) for file in files)
