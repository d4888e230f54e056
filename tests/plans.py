"""Plan folders for tests: the smallest plan, with files added or changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
SMALLEST = ROOT / "publisher" / "smallest"

ORGANISATION = "channels/organisations/our-organisation.yaml"
CHANNEL = "channels/website.yaml"
AUDIENCE = "audiences/everybody.yaml"
MESSAGE = "audiences/messages/we-are-here.yaml"
ENTRY = "calendar/hello.md"

Change = str | bytes | tuple[str, str] | None


def smallest_plan(folder: Path, changes: dict[str, Change] | None = None) -> Path:
    """Write the smallest plan, its templates and some changes into a folder."""
    shutil.copytree(SMALLEST, folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", folder / "templates", dirs_exist_ok=True)
    change(folder, changes or {})
    return folder


def change(folder: Path, changes: dict[str, Change]) -> None:
    """Write files: a whole one, with words replaced by others, or (None) not at all."""
    for path, what in changes.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            file.unlink()
        elif isinstance(what, bytes):
            file.write_bytes(what)
        elif isinstance(what, str):
            file.write_text(what, encoding="utf-8")
        else:
            text = file.read_text(encoding="utf-8")
            assert what[0] in text, f"{path} does not say {what[0]}"
            file.write_text(text.replace(*what, 1), encoding="utf-8")


def entry(body: str = "Words.", **front: str) -> str:
    """Give the text of an entry for everybody."""
    said = {
        "title": "Hello",
        "when": "launch",
        "audiences": "[everybody]",
        "messages": "[we-are-here]",
        **front,
    }
    lines = "".join(f"{name}: {value}\n" for name, value in said.items() if value)
    return f"---\n{lines}---\n{body}\n"


MakePlan = Callable[..., Path]
