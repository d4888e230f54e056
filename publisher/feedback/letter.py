"""The mail that asks a reader to confirm, as words: the same for everybody in one language."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from publisher.kit.text import direction
from publisher.kit.words import known, say
from publisher.models.content import Content

#: one button in the middle of calm words; a table because mail programs know little else
_HTML = """<!DOCTYPE html>
<html lang="{lang}" dir="{dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head>
<body style="margin:0;padding:24px;background:#f5f6f8;color:#1b2330;\
font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;\
background:#ffffff;border-radius:8px"><tr><td style="padding:32px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{title}</h1>
{body}
<p style="margin:24px 0"><a href="{link}" style="display:inline-block;padding:12px 24px;\
background:#1f3a5f;color:#ffffff;text-decoration:none;border-radius:6px">{button}</a></p>
<p style="margin:0;font-size:14px;color:#4a5568">{note}</p>
<p style="margin:16px 0 0;font-size:14px;color:#4a5568">{postal}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
"""


def confirmation(
    language: str, *, wordings: Sequence[str], link: str, postal_address: str
) -> Content:
    """Ask to confirm what was asked for.

    Args:
        language: a language tag; where we have no sentences in it, English.
        wordings: what is agreed to, in the sentences that were shown.
        link: to the page with the button; opening it changes nothing.
        postal_address: of the organisation that asks.
    """
    return _letter("letter.confirm", language, wordings, link, postal_address)


def reminder(language: str, *, link: str, postal_address: str) -> Content:
    """Say that everything that was asked for is received already, and where to change it."""
    return _letter("letter.already", language, (), link, postal_address)


def to_person(
    key: str, language: str, *, link: str, postal_address: str, **values: object
) -> Content:
    """Write to somebody who signs in, or is to.

    Args:
        key: of the sentences `<key>.subject`, `text`, `button` and `note`.
        language: a language tag; where we have no sentences in it, English.
        link: where the button leads.
        postal_address: of the organisation that writes.
        values: what the sentences hold.
    """
    return _letter(key, language, (), link, postal_address, **values)


#: the sentences about a registration, by what became of it
_SEATS = {
    "confirm": "letter.seat_confirm",
    "registered": "letter.seat_registered",
    "waiting": "letter.seat_waiting",
    "moved_up": "letter.seat_moved_up",
}


def about_seat(
    what: str, language: str, *, link: str, postal_address: str, title: str, when: str
) -> Content:
    """Write to somebody who registered.

    Args:
        what: confirm, registered, waiting or moved_up.
        language: a language tag; where we have no sentences in it, English.
        link: where the button leads.
        postal_address: of the organisation that writes.
        title: of what it registered for.
        when: its date, with its zone.
    """
    return _letter(_SEATS[what], language, (), link, postal_address, title=title, when=when)


def _letter(
    key: str,
    language: str,
    wordings: Sequence[str],
    link: str,
    postal_address: str,
    **values: object,
) -> Content:
    tag = known([language])
    names = ("subject", "text", "button", "note")
    said = {name: say(tag, f"{key}.{name}", **values) for name in names}
    text = [said["text"], *(f"• {wording}" for wording in wordings), link, said["note"]]
    postal = ", ".join(line.strip() for line in postal_address.splitlines())
    return Content(
        form="newsletter",
        language=tag,
        direction=direction(tag),
        parts={
            "subject": said["subject"],
            "preheader": said["text"],
            "html": _html(tag, said, wordings, link, postal),
            "text": "\n\n".join([*text, postal]) + "\n",
        },
    )


def _html(tag: str, said: dict[str, str], wordings: Sequence[str], link: str, postal: str) -> str:
    items = "".join(f"<li>{escape(wording)}</li>" for wording in wordings)
    listed = f'<ul style="padding-inline-start:20px">{items}</ul>' if items else ""
    return _HTML.format(
        lang=tag,
        dir=direction(tag),
        title=escape(said["subject"]),
        body=_paragraphs(said["text"]) + listed,
        link=escape(link),
        button=escape(said["button"]),
        note=escape(said["note"]),
        postal=escape(postal),
    )


def _paragraphs(text: str) -> str:
    """Write what a person typed with its own line ends."""
    parts = [escape(part).replace("\n", "<br>") for part in text.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts)
