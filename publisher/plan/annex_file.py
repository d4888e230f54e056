"""A file that a board's paper is handed in with, looked at before it is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from publisher.models.specs import PictureFile
from publisher.plan.folder import FORBIDDEN
from publisher.plan.master_file import EXCEL, POWERPOINT, WORD, wrong_with
from publisher.plan.picture_file import picture

PDF = "application/pdf"
CSV = "text/csv"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


def annex(name: str, content: bytes) -> PictureFile | str:
    """Give the annex, or what is wrong with it as a sentence.

    What is in it must be what its name says, for whoever opens it opens it by its name.
    """
    if not _NAME.match(name):
        return "has a name that not every board's system takes; use letters, digits, - _ and ."
    ending = name.rpartition(".")[2].lower()
    if ending not in _LOOKS:
        return picture(name, content)
    media_type, look = _LOOKS[ending]
    if wrong := look(content):
        return wrong
    digest = hashlib.sha256(content).hexdigest()
    return PictureFile(sha256=digest, media_type=media_type, content=content)


def _pdf(content: bytes) -> str:
    import pypdfium2
    from pypdfium2 import raw

    if not content.startswith(b"%PDF-"):
        return "is no PDF, whatever its name says"
    try:
        with pypdfium2.PdfDocument(content) as document:
            scripts = raw.FPDFDoc_GetJavaScriptActionCount(document)
            files = raw.FPDFDoc_GetAttachmentCount(document)
    except pypdfium2.PdfiumError:
        return "is damaged or needs a password; save it anew, without one"
    if scripts:
        return "is a PDF that runs programs; print it to a PDF without them"
    return "is a PDF that holds other files; give each as an annex of its own" if files else ""


def _csv(content: bytes) -> str:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is not UTF-8 text; save it as CSV in UTF-8"
    return "holds control characters: it is no CSV" if FORBIDDEN.search(words) else ""


def _office(media_type: str) -> Callable[[bytes], str]:
    return lambda content: wrong_with(content, media_type)


#: by ending: the media type, and what says what is wrong
_LOOKS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "pdf": (PDF, _pdf),
    "docx": (WORD, _office(WORD)),
    "xlsx": (EXCEL, _office(EXCEL)),
    "pptx": (POWERPOINT, _office(POWERPOINT)),
    "csv": (CSV, _csv),
}
ENDINGS = (*(f".{ending}" for ending in _LOOKS), ".png", ".jpg", ".jpeg")
