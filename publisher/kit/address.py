"""E-mail addresses as people type them."""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: local parts of which the library has nothing more to say (RFC 5321 §4.1.2, Dot-string)
_ORDINARY = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*\Z")
_LONGEST = 254  #: octets of an ordinary address (RFC 5321 §4.5.3.1.3, without the brackets)


def plain_address(typed: str) -> str:
    """Give an address as we keep it: without spaces around it, its domain in lower case.

    Nothing is looked up. The local part keeps its case: it is its owner's matter (RFC 5321 §2.4).

    Raises:
        ValueError: no mail can be sent there; the sentence does not repeat the address.
    """
    typed = typed.strip(" ")
    if _CONTROL.search(typed):
        raise ValueError("the address holds a line break or another control character")
    if not typed:
        raise ValueError("there is no address")
    local, _, domain = typed.rpartition("@")
    if _ORDINARY.match(local):
        # A million addresses have few domains: each is looked at once.
        address = f"{local}@{_domain(domain)}"
        if len(address) <= _LONGEST:
            return address
    return _valid(typed)


@lru_cache(maxsize=100_000)
def _domain(typed: str) -> str:
    return _valid(f"x@{typed}").removeprefix("x@")


def _valid(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"the address cannot be written to: {error}") from None
