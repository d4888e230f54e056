"""A mail ready to be sent: what one server must be told of it first, and its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from publisher.adapters.mail import headers
from publisher.adapters.mail.message import Mailing
from publisher.models.adapter import Parcel
from publisher.models.errors import WillNeverWork

DOT = b".\r\n"  #: after a mail that was announced by DATA


class Prepared(NamedTuple):
    """A mail ready to be sent: its commands, then its bytes."""

    parcel: Parcel
    commands: bytes  #: MAIL and RCPT, and DATA unless the server takes chunks
    #: what makes up the mail, its last the final dot; or a chunk that is the last (RFC 3030)
    pieces: list[bytes]
    chunked: bool


def prepared(
    mailing: Mailing, parcel: Parcel, *, sender: str, offered: Mapping[str, str]
) -> Prepared:
    """Build one reader's mail as a server can take it.

    Args:
        mailing: the words.
        parcel: the reader's.
        sender: for MAIL FROM.
        offered: the server's extensions, with their parameters.

    Raises:
        WillNeverWork: it cannot be a mail, or not one that this server takes.
    """
    to = headers.mailbox(parcel.address)
    plain = to.isascii()
    eight = "8BITMIME" in offered and (mailing.has_eight_bit or not plain)
    pieces = mailing.pieces(parcel, to, bits=8 if eight else 7)
    said = " BODY=8BITMIME" if eight else ""
    if not plain:
        if "SMTPUTF8" not in offered:
            raise WillNeverWork("the address has letters that this server cannot take")
        said += " SMTPUTF8"
    size = sum(map(len, pieces))
    most = offered.get("SIZE")
    if most is not None:
        said += f" SIZE={size}"
        if most.isdecimal() and 0 < int(most) < size:
            raise WillNeverWork(f"the mail is larger than the {most} octets the server takes")
    chunked = "CHUNKING" in offered
    if chunked:
        pieces.insert(0, b"BDAT %d LAST\r\n" % size)
    else:
        pieces.append(DOT)
    data = "" if chunked else "DATA\r\n"
    commands = f"MAIL FROM:<{sender}>{said}\r\nRCPT TO:<{to}>\r\n{data}"
    return Prepared(parcel, commands.encode(), pieces, chunked)
