"""The capture mailbox, read for the screen: a Maildir, https://cr.yp.to/proto/maildir.html."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from publisher.kit.files import is_plain

_CID = re.compile(r"cid:([^\"')>\s]+)")
_HEAD = re.compile(r"<head[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One mail in the list."""

    name: str
    sender: str
    recipient: str
    subject: str
    language: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file inside a mail, by its place among all parts."""

    number: int
    filename: str
    media_type: str
    length: int  #: bytes


class Mailbox:
    """The mails below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, *, placement: str = "") -> list[str]:
        """Give the mails' names, the newest first; of one placement, or of all."""
        found = [
            (file.stat().st_mtime_ns, file.name.split(":")[0])
            for file in self._files()
            if not placement or file.name.startswith(f"{placement}.")
        ]
        return [name for _, name in sorted(found, reverse=True)]

    def lines(self, names: Sequence[str]) -> list[Line]:
        """Read the heads of these mails."""
        return [_line(name, self._path(name)) for name in names]

    def source(self, name: str) -> bytes:
        """Give a mail as it was handed over.

        Raises:
            FileNotFoundError: there is no such mail.
        """
        return self._path(name).read_bytes()

    def mail(self, name: str) -> EmailMessage:
        """Give a mail, parsed.

        Raises:
            FileNotFoundError: there is no such mail.
        """
        return message_from_bytes(self.source(name), policy=policy.default)

    def _files(self) -> Iterator[os.DirEntry[str]]:
        for folder in (self.folder / "new", self.folder / "cur"):
            if folder.is_dir():
                yield from (file for file in os.scandir(folder) if is_plain(_bare(file.name)))

    def _path(self, name: str) -> Path:
        if not is_plain(name):
            raise FileNotFoundError(name)
        unread = self.folder / "new" / name
        if unread.is_file():
            return unread
        for read in (self.folder / "cur").glob(f"{name}*"):
            if _bare(read.name) == name:
                return read
        raise FileNotFoundError(name)


def text(mail: EmailMessage) -> str:
    """Give the words a mail holds for programs that show no HTML."""
    part = mail.get_body(("plain",))
    return _words(part) if part else ""


def html(mail: EmailMessage, parts_at: str) -> str:
    """Give a mail's HTML, its pictures taken from the mail and its links opening elsewhere.

    Args:
        mail: the mail.
        parts_at: the address below which its parts are served by number.
    """
    part = mail.get_body(("html",))
    if part is None:
        return ""
    numbers = {
        str(inner.get("Content-ID", "")).strip("<> "): number
        for number, inner in enumerate(mail.walk())
    }
    shown = _CID.sub(
        lambda match: f"{parts_at}{numbers[match[1]]}" if match[1] in numbers else "data:,",
        _words(part),
    )
    return _HEAD.sub(lambda match: f'{match[0]}<base target="_blank">', shown, count=1)


def parts(mail: EmailMessage) -> list[Part]:
    """Give the files that go with a mail."""
    return [
        Part(
            number=number,
            filename=inner.get_filename() or "",
            media_type=inner.get_content_type(),
            length=len(_content(inner)),
        )
        for number, inner in enumerate(mail.walk())
        if inner.get_filename() and not inner.is_multipart()
    ]


def part(mail: EmailMessage, number: int) -> tuple[str, bytes]:
    """Give one part's media type and bytes.

    Raises:
        IndexError: it has no such part.
    """
    inner = list(mail.walk())[number]
    return inner.get_content_type(), _content(inner)


def _content(part: object) -> bytes:
    assert isinstance(part, EmailMessage)
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _words(part: object) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def _line(name: str, path: Path) -> Line:
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parse(file)
    date = head["Date"]
    return Line(
        name=name,
        sender=str(head["From"] or ""),
        recipient=str(head["To"] or ""),
        subject=str(head["Subject"] or ""),
        language=str(head["Content-Language"] or ""),
        at=date.datetime if date else None,
    )


def _bare(name: str) -> str:
    return name.split(":", maxsplit=1)[0]
