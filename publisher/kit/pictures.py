"""The kinds of picture that mails, pages and posts can show, and how their files' names end."""

from __future__ import annotations

#: by media type, the usual ending first
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
}


def ending(media_type: str) -> str:
    """Give the usual ending, dot included, for one of the media types above."""
    return ENDINGS[media_type][0]
