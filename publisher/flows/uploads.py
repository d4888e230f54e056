"""Pictures that come from the desk: looked at, kept by content, given a place in the plan."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.db import transaction

from publisher.kit.picture_stories import without_stories
from publisher.models import Draft, Entry, Picture
from publisher.models.errors import Refused
from publisher.plan.picture_file import picture

MAX_BYTES = 5_000_000
MAX_DOTS = 40_000_000  #: a camera's; more is meant to fill the memory of who opens it
KEPT = timedelta(days=2)  #: a picture that was uploaded and not saved
FOLDER = "pictures"  #: beside the entries
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def upload(name: str, content: bytes, *, now: datetime) -> tuple[str, str]:
    """Keep a picture that the plan does not have yet; give its name for an entry and its SHA-256.

    What a camera wrote into it, such as where it was taken, is left out.

    Args:
        name: its file's.
        content: of the file.
        now: aware; it is kept for `KEPT` from then, and for good once an entry shows it.

    Raises:
        Refused: it is no picture that mails, pages and posts can show, or too large.
    """
    if len(content) > MAX_BYTES:
        raise Refused(f"A picture has {MAX_BYTES // 1_000_000} MB at most; save it smaller.")
    plain = _STRANGE.sub("-", PurePosixPath(name.replace("\\", "/")).name).strip("-.")[-100:]
    if isinstance(wrong := picture(plain, content), str):
        raise Refused(f"“{plain}” {wrong}.")
    _look(plain, content)
    made = picture(plain, without_stories(content))
    assert not isinstance(made, str), "it was looked at"
    said = {"paths": [], "media_type": made.media_type, "content": made.content}
    _, new = Picture.objects.get_or_create(
        sha256=made.sha256, defaults={**said, "waits_since": now}
    )
    if not new:
        waits = Picture.objects.filter(sha256=made.sha256, waits_since__isnull=False)
        waits.update(waits_since=now)
    return f"{FOLDER}/{_free(plain, made.sha256)}", made.sha256


def place(uploaded: Mapping[str, str]) -> None:
    """Give pictures their places in the plan, in the transaction that saves the entry.

    Args:
        uploaded: the SHA-256 by the entry's name for each, as `upload` gave them.
    """
    taken = dict(_taken())
    for name, digest in uploaded.items():
        path = f"calendar/{name}"
        if PurePosixPath(name).parent != PurePosixPath(FOLDER) or taken.get(path, digest) != digest:
            raise Refused(f"“{name}” is another picture’s name by now; upload it again.")
        row = Picture.objects.select_for_update().filter(sha256=digest).first()
        if row is not None and path not in row.paths:
            row.paths, row.desk_paths = [*row.paths, path], [*row.desk_paths, path]
            row.waits_since = None
            row.save(update_fields=["paths", "desk_paths", "waits_since"])


def forget_unsaved(*, now: datetime) -> int:
    """Drop the pictures that were uploaded for an entry that nobody saved; give how many.

    What a draft holds stays as long as the draft; what files brought is the plan's.
    """
    Picture.objects.exclude(paths=[]).filter(waits_since__isnull=False).update(waits_since=None)
    old = Picture.objects.filter(paths=[], waits_since__lt=now - KEPT)
    drafts = Draft.objects.values_list("fields", flat=True) if old.exists() else []
    held = {
        digest
        for fields in drafts
        for name, values in fields.items()
        if name.endswith(".sha256")
        for digest in values
    }
    return old.exclude(sha256__in=held).delete()[0]


@transaction.atomic
def release(names: Iterable[str]) -> None:
    """Take the desk's own pictures out of the plan that no entry shows any more."""
    shown = {
        one["file"]
        for pictures in Entry.objects.filter(retired_at=None).values_list("spec__pictures")
        for one in pictures[0] or []
    }
    for path in {f"calendar/{name}" for name in set(names) - shown}:
        for row in Picture.objects.select_for_update().filter(desk_paths__contains=[path]):
            row.paths = [one for one in row.paths if one != path]
            row.desk_paths = [one for one in row.desk_paths if one != path]
            row.save(update_fields=["paths", "desk_paths"])


def _look(name: str, content: bytes) -> None:
    """Open it, as whoever gets it will."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            wide, high = opened.size
            if wide * high > MAX_DOTS:
                raise Refused(f"“{name}” has {wide} × {high} dots; save it smaller.")
            opened.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(f"“{name}” is damaged: it cannot be opened as a picture.") from error


def _free(plain: str, digest: str) -> str:
    """Give a file name that no other picture has."""
    taken, file = dict(_taken()), PurePosixPath(plain)
    if taken.get(f"calendar/{FOLDER}/{plain}", digest) == digest:
        return plain
    return f"{file.stem[:80]}-{digest[:8]}{file.suffix}"


def _taken() -> Iterable[tuple[str, str]]:
    for digest, paths in Picture.objects.exclude(paths=[]).values_list("sha256", "paths"):
        for path in paths:
            yield path, digest
