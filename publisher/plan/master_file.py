"""An organisation's own Word or PowerPoint file, looked at with suspicion before it is kept."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from publisher.models.specs import PictureFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"master.docx": WORD, "master.pptx": POWERPOINT}
#: what office programs write, and nothing else below `templates/` is called
ENDINGS = (
    *(".doc", ".docx", ".docm", ".dot", ".dotx", ".dotm"),
    *(".ppt", ".pptx", ".pptm", ".pot", ".potx", ".potm", ".odt", ".odp", ".ott", ".otp"),
)

_MAX_MEMBERS = 3_000
_MAX_OPENED = 60_000_000  #: bytes of everything in it
_MAX_RATIO = 200  #: of what was squeezed; pictures and XML stay far below
_MAX_NEST = 4_000_000  #: bytes that may be squeezed as hard as they like
_PLACE = re.compile(
    r"templates/[a-z0-9-]+(/(organisations|audiences|languages)/[A-Za-z0-9-]+)?/[^/]+\Z"
)
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  #: [MS-CFB] 2.2: old formats, and encrypted new ones
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_MACROS = ("vbaproject", "vbadata", "activex/", "ctrlprops/", "/macrosheets/", "customui/")
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = {
    WORD: "word/document.xml",
    POWERPOINT: "ppt/presentation.xml",
    EXCEL: "xl/workbook.xml",
}
_KINDS = {
    WORD: "Word document",
    POWERPOINT: "PowerPoint presentation",
    EXCEL: "Excel spreadsheet",
}


class _Bad(Exception):
    """What is wrong with a master, as a sentence about it."""


def is_master(path: str) -> bool:
    """Say whether a file below `templates/` is one of an office program's."""
    return path.lower().endswith(ENDINGS)


def master(path: str, content: bytes) -> PictureFile | str:
    """Give the master, or what is wrong with it as a sentence."""
    name = PurePosixPath(path).name
    media_type = MEDIA_TYPES.get(name)
    if media_type is None or not _PLACE.match(path):
        return (
            "is not read by anything; a master is called master.docx or master.pptx and stands in "
            "a form's folder, or in its organisations/, audiences/ or languages/ folder"
        )
    if wrong := wrong_with(content, media_type):
        return wrong
    digest = hashlib.sha256(content).hexdigest()
    return PictureFile(sha256=digest, media_type=media_type, content=content)


def wrong_with(content: bytes, media_type: str) -> str:
    """Say what is wrong with an office program's file, to follow its name; empty: nothing."""
    try:
        _look(content, media_type)
    except _Bad as error:
        return str(error)
    return ""


def _look(content: bytes, media_type: str) -> None:
    if content.startswith(_OLD):
        raise _Bad("is encrypted or of an old kind; save it anew, without a password")
    members = _members(content)
    for name, member in members.items():
        _refuse_programs(name)
        if name.endswith((".xml", ".rels")) and any(mark in member for mark in _DOCTYPE):
            raise _Bad(f"holds a document type in {name}, which no office program writes")
    _refuse_other_kinds(members, media_type)
    for name in members:
        if name.endswith(".rels"):
            _refuse_links(name, members[name])


def _members(content: bytes) -> dict[str, bytes]:
    """Give everything in it, once it is known to be of a size that can be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _refuse_bombs(infos)
            return {info.filename: archive.read(info) for info in infos if not info.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _Bad(f"is damaged, or no file of an office program: {error}") from error
    except RuntimeError as error:
        raise _Bad("is encrypted; save it without a password") from error


def _refuse_bombs(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > _MAX_MEMBERS:
        raise _Bad(f"holds {len(infos):,} files; a master has {_MAX_MEMBERS:,} at most")
    opened = sum(info.file_size for info in infos)
    if opened > _MAX_OPENED:
        raise _Bad(f"would be {opened // 1_000_000} MB when opened; a master is 60 MB at most")
    for info in infos:
        if info.file_size > max(_MAX_NEST, _MAX_RATIO * info.compress_size):
            raise _Bad(f"holds {info.filename}, squeezed far harder than any document is")
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        raise _Bad("holds two files of one name")
    if any(".." in PurePosixPath(name).parts or name.startswith("/") for name in names):
        raise _Bad("holds a file whose name leads out of it")


def _refuse_programs(name: str) -> None:
    low = name.lower()
    if any(mark in low for mark in _MACROS):
        raise _Bad(f"holds macros ({name}); save it without them")
    if "/embeddings/" in low and not low.endswith((".xlsx", ".docx", ".pptx")):
        raise _Bad(f"holds an embedded object ({name}); take it out or make it a picture")


def _refuse_other_kinds(members: Mapping[str, bytes], media_type: str) -> None:
    kinds = members.get("[Content_Types].xml", b"")
    if b"macroEnabled" in kinds or b"vbaProject" in kinds:
        raise _Bad("is of a kind that holds macros; save it without them")
    if f"{media_type}.main+xml".encode() not in kinds or _MAIN[media_type] not in members:
        kind = _KINDS[media_type]
        raise _Bad(f"is no {kind}, whatever its name says; a template file is saved as one first")


def _refuse_links(name: str, content: bytes) -> None:
    """Refuse what an office program would fetch when it opens the file."""
    for kind, target in _outside(name, content):
        if kind != "hyperlink":
            raise _Bad(f"draws on something outside it ({kind} in {name}: {target[:100]})")
        if urlsplit(target).scheme not in {"http", "https", "mailto", "tel"}:
            raise _Bad(f"has a link that is no web or mail address in {name}: {target[:100]}")


def _outside(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        read = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _Bad(f"is damaged: {name} cannot be read") from error
    for one in read.iter(_RELATIONSHIPS):
        if str(one.get("TargetMode", "")).lower() == "external":
            yield str(one.get("Type", "")).rpartition("/")[2], str(one.get("Target", ""))
