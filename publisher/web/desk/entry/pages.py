"""The pages of a document, as pictures that any browser shows without a reader for PDF."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence

from publisher.models.adapter import Attachment

MOST = 8  #: the first so many
SCALE = 1.25  #: of 72 dots an inch


def pages_of(files: Sequence[Attachment]) -> list[str]:
    """Give the first pages of the first PDF among an entry's files, as addresses that hold them."""
    pdf = next((file for file in files if file.media_type == "application/pdf"), None)
    return [] if pdf is None else _pictures(pdf.content)


def _pictures(content: bytes) -> list[str]:
    from pypdfium2 import PdfDocument

    document = PdfDocument(content)
    try:
        return [_picture(document[at]) for at in range(min(len(document), MOST))]
    finally:
        document.close()


def _picture(page: object) -> str:
    shown = page.render(scale=SCALE).to_pil()  # type: ignore[attr-defined]  # the library has no types
    kept = io.BytesIO()
    shown.save(kept, "WEBP", quality=60, method=2)
    return "data:image/webp;base64," + b64encode(kept.getvalue()).decode()
