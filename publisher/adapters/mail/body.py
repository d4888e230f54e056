"""A mail's body: text and HTML as alternatives, with pictures and attachments (RFC 2046)."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from publisher.adapters.mail import headers
from publisher.adapters.mail.segments import Piece, calendar_slot, eight_bit, quoted_printable
from publisher.kit import ics
from publisher.models.adapter import Consignment

#: an entity is its header lines, an empty line and its content, without the last line's end
Entity = list[Piece]


def body(consignment: Consignment, parts: Mapping[str, str], *, bits: int) -> Entity:
    """Give the header lines and the content that follow the mail's own header fields."""
    # RFC 2045 §6.7: `=_` cannot occur in quoted-printable, nor in base64.
    boundary = f"=_{consignment.key}"
    words = _words(consignment, parts, bits=bits, boundary=boundary)
    files = [
        _file(one.filename, one.media_type, one.content, b"attachment")
        for one in consignment.attachments
    ]
    if "calendar" in parts:
        files.append(_invitation_file(parts["calendar"]))
    entity = _multipart("mixed", f"{boundary}.m", [words, *files]) if files else words
    return [*entity, b"\r\n"]


def _words(
    consignment: Consignment, parts: Mapping[str, str], *, bits: int, boundary: str
) -> Entity:
    forms: list[Entity] = []
    if "text" in parts:
        forms.append(_text(parts["text"], "plain", bits=bits))
    if "html" in parts:
        shown = _pictures_in(consignment, parts["html"])
        entity = _text(parts["html"], "html", bits=bits)
        whole = _multipart("related", f"{boundary}.r", [entity, *shown]) if shown else entity
        forms.append(whole)
    if "calendar" in parts:
        forms.append(_calendar(parts["calendar"]))
    # The plainest first: a reader's program takes the last it understands (RFC 2046 §5.1.4).
    return forms[0] if len(forms) == 1 else _multipart("alternative", f"{boundary}.a", forms)


def _text(words: str, kind: str, *, bits: int) -> Entity:
    pieces = eight_bit(words, html=kind == "html") if bits == 8 else None
    encoding = b"quoted-printable" if pieces is None else b"8bit"
    if pieces is None:
        pieces = quoted_printable(words, html=kind == "html")
    head = b'Content-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: %b\r\n\r\n'
    return [head % (kind.encode(), encoding), *pieces]


def _calendar(text: str) -> Entity:
    """Give what calendars act on: its METHOD stands in its type as well (RFC 6047 §2.4)."""
    head = (
        f'Content-Type: text/calendar; charset="utf-8"; method={ics.method(text)}\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return [head.encode(), calendar_slot(text)]


def _invitation_file(text: str) -> Entity:
    """Give the same once more, for programs that know it only as a file."""
    head = (
        b'Content-Type: application/ics; name="invite.ics"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="invite.ics"\r\n\r\n'
    )
    return [head, calendar_slot(text)]


def _multipart(kind: str, boundary: str, entities: Sequence[Entity]) -> Entity:
    mark = b"--" + boundary.encode()
    out: Entity = [f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()]
    for entity in entities:
        out += [mark, b"\r\n", *entity, b"\r\n"]
    return [*out, mark, b"--"]


def _pictures_in(consignment: Consignment, html: str) -> list[Entity]:
    """Give the pictures that the HTML shows from the mail itself, as `cid:<sha256>`."""
    return [
        [
            f"Content-ID: <{picture.sha256}>\r\n".encode(),
            *_file(
                picture.filename,
                picture.media_type,
                consignment.pictures[picture.sha256],
                b"inline",
            ),
        ]
        for picture in consignment.content.pictures
        if f"cid:{picture.sha256}" in html
    ]


def _file(filename: str, media_type: str, content: bytes, disposition: bytes) -> Entity:
    name = headers.one_line(filename, "a file's name")
    # RFC 2231 §4 for names beyond ASCII; plain names stay plain.
    plain = name.isascii() and not set(name) & set('"\\')
    said = f'filename="{name}"' if plain else f"filename*=utf-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {headers.one_line(media_type, 'a media type')}\r\n"
        f"Content-Transfer-Encoding: base64\r\nContent-Disposition: "
    ).encode()
    coded = encodebytes(content).strip().replace(b"\n", b"\r\n")
    return [head, disposition, b"; ", said.encode(), b"\r\n\r\n", coded]
