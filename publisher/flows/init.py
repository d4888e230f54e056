"""Begin a plan: the starter, or the smallest one there can be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import publisher
from publisher.kit.files import write
from publisher.models.errors import Refused
from publisher.plan.folder import FOLDERS

PACKAGE = Path(publisher.__file__).parent


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
    contents = dict(_contents(starter(), ("templates",) if empty else FOLDERS))
    if empty:
        contents.update(_contents(PACKAGE / "smallest", FOLDERS))
    try:
        for path, content in contents.items():
            write(folder / path, content, durable=False)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}") from error
    return sorted(contents)


def starter() -> Path:
    """Give the folder of the reference plan: shipped in the package, or the checkout itself."""
    shipped = PACKAGE / "starter"
    return shipped if shipped.is_dir() else PACKAGE.parent


def sample_readers() -> Path:
    """Give the readers that go with the reference plan, as a CSV file."""
    shipped = PACKAGE / "starter" / "sample-readers.csv"
    return shipped if shipped.is_file() else PACKAGE.parent / "script" / "sample-readers.csv"


def sample_landscape() -> Path:
    """Give the work items that go with the reference plan: a folder of JSON files."""
    shipped = PACKAGE / "starter" / "sample-landscape"
    return shipped if shipped.is_dir() else PACKAGE.parent / "script" / "sample-landscape"


def _contents(root: Path, tops: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for top in tops:
        if (root / top).is_dir():
            yield from _files(root / top, top)


def _files(here: Path, path: str) -> Iterator[tuple[str, bytes]]:
    for item in here.iterdir():
        inner = f"{path}/{item.name}"
        if item.is_dir():
            yield from _files(item, inner)
        elif not item.name.startswith("."):
            yield inner, item.read_bytes()
