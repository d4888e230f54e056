"""E-mail addresses as people type them."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def plain_address(typed: str) -> str:
    """Give an address as we keep it: without spaces around it, its domain in lower case.

    Nothing is looked up. The local part keeps its case: it is its owner's matter (RFC 5321 §2.4).

    Raises:
        ValueError: no mail can be sent there; the sentence does not repeat the address.
    """
    typed = typed.strip(" ")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in typed):
        raise ValueError("the address holds a line break or another control character")
    if not typed:
        raise ValueError("there is no address")
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"the address cannot be written to: {error}") from None
