"""A mail joined of encoded pieces, and one rendered in full for its reader: the same bytes."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.adapters.mail.envelope import DOT, prepared
from publisher.adapters.mail.message import Mailing
from publisher.kit.text import one_line
from publisher.models.adapter import Consignment, Parcel
from publisher.models.content import Content
from publisher.render.rendition import fill, opened
from tests.unit.mail.letters import consignment, parcel
from tests.unit.render.cells import files, rendered
from tests.unit.render.generated import BRANCHING, PRINTING, STRANGE_NAMES, readers

MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text>"
    "</mj-column></mj-section></mj-body></mjml>"
)
#: looks at a reader's value and prints nothing: so each reader's copy is rendered in full
LOOKS = "{% if reader.name %}{% endif %}"
FIELDS = {
    *("Message-ID", "To", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject", "Date", "From"),
    *("List-Id", "Feedback-ID", "Content-Language", "MIME-Version", "Content-Type"),
}
OFFERED = {"PIPELINING": "", "8BITMIME": "", "SMTPUTF8": "", "SIZE": "0"}


def letter(subject: str, text: str, html: str) -> Content:
    """Render a newsletter of these three templates."""
    named = {
        "newsletter/subject.txt.j2": subject,
        "newsletter/text.txt.j2": text,
        "newsletter/html.mjml.j2": MJML.format(html.replace("&", "&amp;")),
    }
    return rendered("newsletter", templates=files(named))


def goods(content: Content) -> Consignment:
    return consignment(
        content=content,
        fill=partial(fill, content),
        opened=partial(opened, content) if content.program else None,
    )


def to(values: dict[str, str], name: str) -> Parcel:
    return parcel(values=values, name=name, address=values["reader.address"])


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(templates=st.tuples(PRINTING, PRINTING, PRINTING), values=readers(STRANGE_NAMES))
def test_a_mail_joined_is_the_mail_rendered_in_full(templates, values):
    """Encoding a template once for all its readers changes no byte of any reader's mail."""
    subject, text, html = templates
    static, in_full = letter(subject, text, html), letter(subject, text + LOOKS, html)

    assert not static.program
    assert in_full.program
    joined = Mailing(goods(static)).to(to(values, "Ana"))
    assert joined == Mailing(goods(in_full)).to(to(values, "Ana"))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    templates=st.tuples(*[st.one_of(BRANCHING, PRINTING)] * 3),
    values=readers(STRANGE_NAMES),
    chunked=st.booleans(),
)
def test_a_server_gets_what_the_templates_say(templates, values, chunked):
    """Read back by Python's email library it is to the letter what the templates give.

    In three commands and one mail, whose header holds what we put there alone, and whose lines
    are as long as a server takes (RFC 5322 §2.1.1) with no dot that would end it.
    """
    content = letter(*templates)
    offered = OFFERED | ({"CHUNKING": ""} if chunked else {})
    name = one_line(values["reader.name"])

    made = prepared(
        Mailing(goods(content)), to(values, name), sender="news@iso.example.org", offered=offered
    )

    start, *pieces = made.pieces if chunked else [b"", *made.pieces[:-1]]
    mail = b"".join(pieces)
    commands = made.commands.decode().split("\r\n")
    assert [one.partition(":")[0] for one in commands] == [
        *("MAIL FROM", "RCPT TO"),
        *([""] if chunked else ["DATA", ""]),
    ]
    assert start == (b"BDAT %d LAST\r\n" % len(mail) if chunked else b"")
    assert chunked or made.pieces[-1] == DOT
    check_wire(mail)
    check_read(mail, values, name, fill(content, {**goods(content).values, **values}))


def check_wire(mail: bytes) -> None:
    """Hold the mail's bytes to what any server takes."""
    head, _, body = mail.partition(b"\r\n\r\n")
    assert mail.endswith(b"\r\n")
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r" not in mail.replace(b"\r\n", b"")
    assert b"\0" not in mail
    assert b"\r\n." not in mail  # nothing to be stuffed, RFC 5321 §4.5.2
    eight = b": 8bit\r\n" in body
    assert max(map(len, body.split(b"\r\n"))) <= (998 if eight else 78)
    assert max(map(len, head.split(b"\r\n"))) <= 998


def check_read(mail: bytes, values: dict[str, str], name: str, shown: dict[str, str]) -> None:
    """Hold what Python's email library reads in it to what was to be said."""
    read = email.message_from_bytes(mail, policy=email.policy.SMTPUTF8)
    assert set(read.keys()) == FIELDS
    assert len(read) == len(FIELDS)
    for part in read.walk():
        assert not part.defects
        # Python knows no letters beyond ASCII in an address's local part (RFC 6532 does).
        assert not [
            (field, value.defects)
            for field, value in part.items()
            if value.defects and (field != "To" or values["reader.address"].isascii())
        ]
    assert " ".join(str(read["subject"]).split()) == " ".join(shown["subject"].split())
    for kind, said in (("plain", shown["text"]), ("html", shown["html"])):
        octets = read.get_body((kind,)).get_payload(decode=True)
        assert octets.decode().replace("\r\n", "\n") == said.replace("\r\n", "\n")
    if values["reader.address"].isascii():
        assert called(mail) == [*name.split(), f"<{values['reader.address']}>"]


def called(mail: bytes) -> list[str]:
    """Give the words of To as a reader's program shows them, and the address."""
    raw = str(email.message_from_bytes(mail, policy=email.policy.compat32)["to"])
    words, _, address = raw.rpartition("<")
    if words.startswith("=?"):
        # Python's newer reading keeps the space between encoded words (RFC 2047 §6.2).
        return [*str(make_header(decode_header(words))).split(), f"<{address}"]
    to = email.message_from_bytes(mail, policy=email.policy.SMTPUTF8)["to"].addresses[0]
    return [*to.display_name.split(), f"<{to.addr_spec}>"]
