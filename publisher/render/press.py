"""Typst to PDF/UA: tagged, with title and language, the same bytes for the same source."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from publisher.kit import files
from publisher.models.errors import PlanError, Problem
from publisher.settings import settings

MAX_SECONDS = 20
MAX_BYTES = 2_000_000_000
#: a sans serif with Latin, Greek, Cyrillic, Arabic, Hebrew, Georgian, Thai and Devanagari letters
FACES = ("FiraGO_Regular", "FiraGO_Bold", "FiraGO_Italic", "FiraGO_BoldItalic")
_CHILD = Path(__file__).with_name("typst_child.py")
_LETTER = re.compile(r"the text [`\"]*(.+?)[`\"]* could not be displayed")
#: what a template says itself, with `panic`
_REFUSED = re.compile(r'panicked with: "(.+?)"')
_KEPT = 32
_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


def press(source: str, path: str, beside: Mapping[str, bytes] | None = None) -> bytes:
    """Set a document.

    Args:
        source: Typst.
        path: the template to name in an error.
        beside: pictures, by a name that says their content; it reads no other file.

    Raises:
        PlanError: it is not Typst, no font has one of its letters, or it never ends.
    """
    key = source + "".join(f"\n{name}" for name in sorted(beside or {}))
    with _lock:
        if key in _kept:
            return _kept[key]
    made = _pressed(source, path, beside=beside or {})
    with _lock:
        _kept[key] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def pictures(source: str, path: str) -> list[bytes]:
    """Set a document's pages as PNG, 72 dots to the inch.

    Raises:
        PlanError: as `press`.
    """
    made, pages = _pressed(source, path, pictures=True), []
    while made:
        length = 4 + int.from_bytes(made[:4], "big")
        pages.append(made[4:length])
        made = made[length:]
    return pages


def _pressed(
    source: str,
    path: str,
    *,
    pictures: bool = False,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    told = {
        "source": source,
        "pictures": pictures,
        "beside": {files.plain_name(name): b64encode(one).decode() for name, one in beside.items()},
        "fonts": str(fonts()),
        "seconds": MAX_SECONDS,
        "memory": MAX_BYTES,
    }
    # Packages would come from the network: there is none behind this proxy.
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    try:
        ran = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(told).encode(),
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
            env={**nowhere, "PATH": os.environ.get("PATH", "")},
        )
    except subprocess.TimeoutExpired as error:
        raise _wrong(path, f"setting it takes longer than {MAX_SECONDS} seconds") from error
    if ran.returncode:
        raise _wrong(path, _sentence(ran.returncode, ran.stderr.decode(errors="replace")))
    return ran.stdout


def _wrong(path: str, sentence: str) -> PlanError:
    return PlanError([Problem(path=path, sentence=sentence)])


def _sentence(status: int, said: str) -> str:
    if letter := _LETTER.search(said):
        return f"no font has the letter “{letter[1]}”; put a font file that has it into {fonts()}"
    if refused := _REFUSED.search(said):
        return refused[1]
    if status == 3:
        return f"Typst says: {said.strip()}"
    return "setting it takes more time or memory than a document may"


def fonts() -> Path:
    """Give the folder of the fonts, made at first use; operators may add fonts."""
    folder = settings().data_folder / "fonts"
    for face in FACES:
        file = folder / f"{face}.ttf"
        if not file.exists():
            module = importlib.import_module(f"pymupdf_fonts.{face}")
            files.write(file, module.fontbuffer, durable=False)
    return folder
