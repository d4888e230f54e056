"""ZIP files, and the office documents that are such: the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

#: the earliest day that a ZIP file can name
_ONCE = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")
_ZIPPED = (".xlsx", ".docx", ".pptx")


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Make a ZIP file of these members, in this order, with no moment in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _ONCE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def steadied(document: bytes) -> bytes:
    """Give an office document without the moment at which it was made, embedded ones likewise."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, content in members.items():
        if name.endswith(_ZIPPED):
            members[name] = steadied(content)
        elif name == "docProps/core.xml":
            members[name] = _MOMENT.sub(b"", content)
    return zipped(members)
