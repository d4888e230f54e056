"""What a picture's first bytes say it is."""

from __future__ import annotations

import hashlib
import re

from publisher.kit.pictures import ENDINGS
from publisher.models.specs import PictureFile

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


def picture(name: str, content: bytes) -> PictureFile | str:
    """Give the picture, or what is wrong with it as a sentence."""
    if not _NAME.match(name):
        return "has a name that not every mail program shows; use letters, digits, - _ and ."
    media_type = _media_type(content)
    if not media_type:
        return "is not a PNG, JPEG, GIF or WebP picture, whatever its name says"
    if not name.lower().endswith(ENDINGS[media_type]):
        return f"holds {media_type}; name it so that it ends in {ENDINGS[media_type][0]}"
    digest = hashlib.sha256(content).hexdigest()
    return PictureFile(sha256=digest, media_type=media_type, content=content)


def _media_type(content: bytes) -> str:
    # https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""
