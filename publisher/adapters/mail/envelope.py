"""A mail ready to be sent: what one server must be told of it first, and its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.adapters.mail import headers
from publisher.adapters.mail.message import Mailing
from publisher.models.adapter import Parcel
from publisher.models.errors import WillNeverWork


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail ready to be sent: MAIL, RCPT and DATA, then its bytes."""

    parcel: Parcel
    commands: tuple[bytes, bytes, bytes]
    mail: bytes


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
    eight = "8BITMIME" in offered and (mailing.has_eight_bit or not to.isascii())
    mail = mailing.to(parcel, bits=8 if eight else 7)
    said = " BODY=8BITMIME" if eight else ""
    if not to.isascii():
        if "SMTPUTF8" not in offered:
            raise WillNeverWork("the address has letters that this server cannot take")
        said += " SMTPUTF8"
    if "SIZE" in offered:
        said += f" SIZE={len(mail)}"
        most = offered["SIZE"]
        if most.isdecimal() and 0 < int(most) < len(mail):
            raise WillNeverWork(f"the mail is larger than the {most} octets the server takes")
    commands = (f"MAIL FROM:<{sender}>{said}\r\n", f"RCPT TO:<{to}>\r\n", "DATA\r\n")
    first, second, third = (line.encode() for line in commands)
    return Prepared(parcel, (first, second, third), mail)
