"""Begin a plan: the starter, or the smallest one there can be."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from publisher.kit.files import write
from publisher.models.errors import Refused
from publisher.plan.folder import FOLDERS


def init(folder: Path, *, empty: bool = False) -> list[str]:
    """Write a plan into a folder that has none; give the paths written.

    Args:
        folder: made if it is not there.
        empty: only what a plan must have, with comments that explain it, instead of the starter.
            The templates are the starter's either way: nothing looks like anything without them.

    Raises:
        Refused: the folder has a plan, or cannot be written to.
    """
    for name in FOLDERS:
        if (folder / name).exists():
            raise Refused(f"{folder / name} is there already; a new plan needs a folder of its own")
    contents = dict(_contents(_starter(), ("templates",) if empty else FOLDERS))
    if empty:
        contents.update(_contents(files("publisher") / "smallest", FOLDERS))
    try:
        for path, content in contents.items():
            write(folder / path, content, durable=False)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}") from error
    return sorted(contents)


def _starter() -> Traversable:
    """Give the reference plan: in an installed package beside this, in a checkout above it."""
    package = files("publisher")
    shipped = package / "starter"
    return shipped if shipped.is_dir() else Path(str(package)).parent


def _contents(root: Traversable, tops: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for top in tops:
        if (root / top).is_dir():
            yield from _files(root / top, top)


def _files(here: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in here.iterdir():
        inner = f"{path}/{item.name}"
        if item.is_dir():
            yield from _files(item, inner)
        elif not item.name.startswith("."):
            yield inner, item.read_bytes()
