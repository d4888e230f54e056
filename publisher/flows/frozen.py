"""Frozen words with the bytes of what they name: their pictures, masters and annexes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from publisher.models import Picture, Rendition
from publisher.models.content import Content


def content_of(rendition: Rendition) -> Content:
    """Give a rendition's content with its files, so that its papers can be made of it."""
    return with_files([Content.from_json(rendition.content)])[0]


def with_files(contents: Iterable[Content]) -> list[Content]:
    """Give contents with their files, all read at once."""
    found = list(contents)
    wanted = {digest for content in found for digest in content.draws_on}
    rows = Picture.objects.filter(sha256__in=wanted) if wanted else ()
    files = {row.sha256: bytes(row.content) for row in rows}
    return [
        replace(one, files={name: files[name] for name in one.draws_on if name in files})
        for one in found
    ]
