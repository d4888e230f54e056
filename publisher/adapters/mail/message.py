"""A mail's bytes, from a consignment and a parcel: deterministic, the same at each try.

What is the same for every reader is encoded once; each reader costs a few short values and a
join. Every line ends in CRLF, and none begins with a dot.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from functools import lru_cache

from publisher.adapters.mail import dkim, headers
from publisher.adapters.mail.body import body
from publisher.adapters.mail.segments import (
    Piece,
    Segments,
    Values,
    filled_in,
    may_stand_in_lines,
    value,
)
from publisher.adapters.shared.words import opened
from publisher.kit.text import one_line
from publisher.models.adapter import Consignment, Parcel
from publisher.models.content import HOLE

#: what a credential's fields with the keys of DKIM begin with; the selector follows
DKIM_FIELD = "dkim."
#: layouts kept of a template that branches, one for each way it treats readers
MOST_ALIKE = 64


def message(consignment: Consignment, parcel: Parcel) -> bytes:
    """Give the whole mail (RFC 5322) for one reader; for many, make one `Mailing`.

    Raises:
        WillNeverWork: its address or name cannot stand in a mail, or a value is missing.
    """
    return Mailing(consignment).to(parcel)


class Mailing:
    """A consignment as mail, encoded once for all its readers.

    A template that branches on a reader's own value is rendered for each reader instead, and what
    it makes is encoded once for all whom it treats alike: the bytes are laid out in the same way.

    Raises:
        WillNeverWork: the sender cannot stand in a mail.
    """

    def __init__(self, consignment: Consignment) -> None:
        self._consignment = consignment
        self._signers = _signers(consignment)
        self._domain = headers.mailbox(consignment.sender.address).rpartition("@")[2].encode()
        self._head = _head(consignment)
        #: whether `bits=8` makes a difference
        self.has_eight_bit = False
        self._seven: Segments | None = None
        self._eight: Segments | None = None
        self._alike = lru_cache(MOST_ALIKE)(self._for_some)
        if not consignment.content.program:
            parts = _filled_for_all(consignment, consignment.content.parts)
            self._seven = self._laid_out(parts, bits=7)
            self._eight = self._laid_out(parts, bits=8)
            # RFC 6376 §5.3: a relay that makes seven bits of eight breaks the signature.
            self.has_eight_bit = not self._signers and self._eight.has(b": 8bit\r\n")

    def to(self, parcel: Parcel, *, bits: int = 7) -> bytes:
        """Give the mail for one reader; with `bits=8` as short as 8BITMIME allows.

        Raises:
            WillNeverWork: see `message`.
        """
        return b"".join(self.pieces(parcel, headers.mailbox(parcel.address), bits=bits))

    def pieces(self, parcel: Parcel, mailbox: str, *, bits: int) -> list[bytes]:
        """Give what `to` gives, still to be joined.

        Args:
            parcel: the reader's.
            mailbox: its address, as `headers.mailbox` gives it.
            bits: 7 or 8.
        """
        eight = bits == 8 and self.has_eight_bit and may_stand_in_lines(parcel.values)
        segments = self._eight if eight else self._seven
        if segments is None:
            segments = self._alike(tuple(opened(self._consignment, parcel).items()))
        pieces = segments.filled(parcel.values)
        pieces.insert(0, self._personal(parcel, mailbox))
        if self._signers:
            mail = b"".join(pieces)
            return [dkim.signatures(mail, self._signers), mail]
        return pieces

    def _personal(self, parcel: Parcel, mailbox: str) -> bytes:
        to = headers.person(parcel.name, mailbox)
        fields = b"Message-ID: <%b@%b>\r\nTo: %b\r\n" % (parcel.key.encode(), self._domain, to)
        if url := parcel.values.get("unsubscribe_url"):
            # RFC 8058: one POST to this address is enough to leave.
            fields += (
                b"List-Unsubscribe: %b\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                % headers.web_address(url)
            )
        return fields

    def _for_some(self, parts: tuple[tuple[str, str], ...]) -> Segments:
        return self._laid_out(_filled_for_all(self._consignment, dict(parts)), bits=7)

    def _laid_out(self, parts: Mapping[str, str], *, bits: int) -> Segments:
        return Segments(
            [
                *_subject(parts.get("subject", "")),
                self._head,
                *body(self._consignment, parts, bits=bits),
            ]
        )


def _signers(consignment: Consignment) -> list[dkim.Signer]:
    said = consignment.outlet.settings
    own = headers.mailbox(consignment.sender.address).rpartition("@")[2]
    return [
        dkim.Signer(
            domain=str(said.get("dkim_domain", own)),
            selector=selector,
            pem=consignment.credential[DKIM_FIELD + selector],
            at=consignment.published_at,
        )
        for selector in str(said.get("dkim", "")).split()
    ]


def _filled_for_all(consignment: Consignment, parts: Mapping[str, str]) -> dict[str, str]:
    """Put in what is the same for all readers, so that only their own values stay open."""
    for_lines = {name: one_line(said) for name, said in consignment.values.items()}
    made = {}
    for name, part in parts.items():
        values = for_lines if name == "subject" else consignment.values
        made[name] = filled_in(part, values, html=name == "html")
    return made


def _subject(words: str) -> list[Piece]:
    if not HOLE.search(words):
        return [b"Subject: " + headers.text(words, used=9) + b"\r\n"]

    def of(values: Values) -> bytes:
        said = HOLE.sub(lambda match: one_line(value(match[1], values)), words)
        return headers.text(said, used=9)

    return [b"Subject: ", of, b"\r\n"]


def _head(consignment: Consignment) -> bytes:
    """Give the fields that are the same for every reader.

    There is no Precedence and no Auto-Submitted: List-Id already keeps automatic answers away
    (RFC 3834 §2, RFC 5230 §4.6), and these mails are written by people.
    """
    sender, organisation = consignment.sender, consignment.organisation.slug
    domain = headers.mailbox(sender.address).rpartition("@")[2]
    feedback = (consignment.key, consignment.entry, consignment.channel, organisation)
    fields = [
        b"Date: " + format_datetime(consignment.published_at).encode(),
        b"From: " + headers.person(sender.name, headers.mailbox(sender.address)),
        b"List-Id: <" + f"{consignment.channel}.{organisation}.{domain}>".encode(),
        # https://support.google.com/a/answer/6254652: four fields, the sender's own last
        b"Feedback-ID: " + ":".join(feedback).encode(),
        b"Content-Language: " + consignment.content.language.encode(),
        b"MIME-Version: 1.0",
    ]
    if sender.reply_to:
        fields.insert(2, b"Reply-To: " + headers.mailbox(sender.reply_to).encode())
    return b"\r\n".join(fields) + b"\r\n"
