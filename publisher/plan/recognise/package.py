"""An office program's file as the archive it is: whether it may be opened."""

from __future__ import annotations

import io
import zipfile
import zlib

from publisher.models.errors import Refused
from publisher.plan.recognise.document import MAX_COLUMNS, MAX_ROWS

WORD = "Word"
EXCEL = "Excel"

_MAX_MEMBERS = 3_000
_MAX_OPENED = 60_000_000  #: bytes of everything in it
_MAX_PART = 8_000_000  #: bytes of one part that is read: some 100,000 cells
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  #: [MS-CFB] 2.2: old formats, and encrypted new ones
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_KINDS = {WORD: b"wordprocessingml.document.main+xml", EXCEL: b"spreadsheetml.sheet.main+xml"}
_READ = ("word/document", "xl/worksheets/", "xl/sharedStrings")


def look(name: str, content: bytes, kind: str) -> None:
    """Refuse what is not what its name says, would not fit, or may do harm.

    Links to the outside and embedded files are let be: nobody here follows or opens them.

    Raises:
        Refused: with what to do instead.
    """
    if content.startswith(_OLD):
        raise Refused(f"{name} is of an old kind or has a password; save it anew without one")
    members = _members(name, content)
    kinds = members.get("[Content_Types].xml", b"")
    macros = any("vbaproject" in one.lower() or "macrosheets/" in one.lower() for one in members)
    if macros or b"macroEnabled" in kinds:
        raise Refused(f"{name} holds macros; save it without them, as .docx or .xlsx")
    if _KINDS[kind] not in kinds:
        raise Refused(f"{name} is no {kind} file, whatever its name says")
    for part, said in members.items():
        if any(mark in said for mark in _DOCTYPE) and part.endswith((".xml", ".rels")):
            raise Refused(f"{name} declares entities ({part}), which no office program writes")
        if part.startswith(_READ) and len(said) > _MAX_PART:
            raise Refused(f"{name} is far larger than any plan ({part}); give the plan alone")
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            _refuse_giant_merges(name, part, said)


def _members(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > _MAX_MEMBERS or sum(one.file_size for one in infos) > _MAX_OPENED:
                raise Refused(f"{name} becomes too large when it is opened; give the plan alone")
            return {one.filename: archive.read(one) for one in infos if not one.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Refused(f"{name} is damaged, or not the kind of file its name says") from error
    except RuntimeError as error:
        raise Refused(f"{name} is locked with a password; save it without one") from error


def _refuse_giant_merges(name: str, part: str, said: bytes) -> None:
    """Refuse one cell made of millions: openpyxl makes an object for each of them."""
    from lxml import etree
    from openpyxl.utils.cell import range_boundaries

    merged = 0
    try:
        for _, element in etree.iterparse(io.BytesIO(said), resolve_entities=False):
            if str(element.tag).endswith("}mergeCell"):
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                merged += (right - left + 1) * (bottom - top + 1)
    except (etree.XMLSyntaxError, ValueError, TypeError) as error:
        raise Refused(f"{name} is damaged ({part}); open it and save it again") from error
    if merged > MAX_COLUMNS * MAX_ROWS:
        raise Refused(f"{name} merges more cells into one than any plan has; undo that")
