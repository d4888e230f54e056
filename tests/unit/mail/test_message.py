"""A mail says exactly what the words and the reader's values say, and nothing can slip in."""

from __future__ import annotations

import email
import email.policy
import hashlib
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.adapters.mail.message import Mailing, message
from publisher.models.adapter import Attachment
from publisher.models.content import Content, PictureRef, hole
from publisher.models.errors import WillNeverWork
from publisher.models.specs import SenderSpec
from publisher.render.rendition import fill
from tests.unit.mail.letters import PARTS, VALUES, consignment, parcel

#: what words are made of: lines of any length, markup, dots at line starts, other scripts, holes
WORDS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"]), max_size=60),
        st.sampled_from(
            [
                "\n",
                "\n.",
                "\nFrom ",
                " \n",
                "\t\n",
                "=",
                "=3D",
                "é" * 90,
                "x" * 200,
                "Ω",
                "\n\n",
                ".",
            ]
        ),
        st.sampled_from([hole(name) for name in (*VALUES, "view_url")]),
    ),
    max_size=12,
).map("".join)
VALUE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=90),
    st.sampled_from(["", ".", "a " * 60, "From me", "<b>&\"'", "x" * 300, "=" * 80, "é" * 80]),
)


def parsed(mail: bytes) -> EmailMessage:
    found = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode().replace("\r\n", "\n")


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(text=WORDS, html=WORDS, values=st.tuples(VALUE, VALUE), bits=st.sampled_from([7, 8]))
def test_the_mail_holds_what_filling_in_the_words_gives(text, html, values, bits):
    """Read back by Python's email library, each part is what preview shows, to the letter."""
    goods = consignment({"subject": "News", "text": text, "html": html})
    own = {**VALUES, "reader.name": values[0], "preferences_url": values[1]}

    mail = Mailing(goods).to(parcel(values=own), bits=bits)

    shown = fill(goods.content, {**goods.values, **own})
    assert words(parsed(mail), "plain") == as_sent(shown["text"])
    assert words(parsed(mail), "html") == as_sent(shown["html"])
    check_lines(mail, most=998 if bits == 8 else 78)


@settings(deadline=None)
@given(subject=WORDS.map(lambda text: " ".join(text.split())), name=VALUE)
def test_a_subject_arrives_whole(subject, name):
    """However long, in whatever script, with a reader's name in it."""
    goods = consignment({**PARTS, "subject": subject})
    own = {**VALUES, "reader.name": name}

    mail = parsed(message(goods, parcel(values=own)))

    shown = fill(goods.content, {**goods.values, **own})["subject"]
    assert " ".join(str(mail["subject"]).split()) == " ".join(shown.split())


@settings(deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Zl", "Zp"]), max_size=90))
def test_a_readers_name_arrives_whole(name):
    """With quotation marks, commas, brackets, and in any script."""
    mail = message(consignment(), parcel(name=name, address="ana@example.org"))

    to = parsed(mail)["to"]
    assert [one.addr_spec for one in to.addresses] == ["ana@example.org"]
    if name.isascii() and name:
        assert to.addresses[0].display_name == name
    elif name:
        # Python's own reading of addresses keeps the space between two encoded words, which
        # RFC 2047 §6.2 takes out; its older one does not.
        raw = str(email.message_from_bytes(mail)["to"])
        shown = str(make_header(decode_header(raw)))
        assert shown.split() == f"{name} <ana@example.org>".split()


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org\r\nBcc: all@example.org",
        "ana@example.org\n",
        "ana@example.org>, <b@example.org",
        "ana@example.org, b@example.org",
        "ana example@example.org",
        "ana",
        "@example.org",
        "ana@",
        "",
        "a@b@example.org",
        "ana@exa mple.org",
        "ana\x00@example.org",
        "x" * 330 + "@example.org",
    ],
)
def test_what_is_not_one_address_is_refused(address):
    """A line end in an address could put a header, or a command, of somebody's own."""
    with pytest.raises(WillNeverWork, match="the address is not one that mail can be sent to"):
        message(consignment(), parcel(address=address))


@pytest.mark.parametrize(
    "said",
    [
        {"parcel": {"name": "Ana\r\nBcc: all@example.org"}},
        {"parcel": {"values": {**VALUES, "unsubscribe_url": "https://a.example/>\r\nBcc: x"}}},
        {"parcel": {"values": {**VALUES, "unsubscribe_url": "https://a.example/> <x"}}},
        {"goods": {"parts": {**PARTS, "subject": "News\r\nBcc: all@example.org"}}},
    ],
)
def test_no_value_can_end_a_header(said):
    """Whatever it is, it is refused, and never cut or folded into something else."""
    with pytest.raises(WillNeverWork):
        message(consignment(**said.get("goods", {})), parcel(**said.get("parcel", {})))


def test_the_same_parcel_gives_the_same_bytes():
    """A repeat after a crash is recognised by its Message-ID, and is not another mail."""
    one, two = message(consignment(), parcel()), message(consignment(), parcel())

    assert one == two
    assert parsed(one)["message-id"] == "<0123456789abcdef0123.1@iso.example.org>"
    assert parsed(one)["date"].datetime.isoformat() == "2026-03-12T09:00:00+00:00"


def test_a_reader_can_leave_with_one_click():
    """RFC 8058: an https address, and the word that one POST to it is enough."""
    mail = parsed(message(consignment(), parcel()))

    assert mail["list-unsubscribe"] == f"<{VALUES['unsubscribe_url']}>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert mail["list-id"] == "<newsletter.iso.iso.example.org>"
    assert mail["feedback-id"] == "0123456789abcdef0123:statement:newsletter:iso"
    assert mail["content-language"] == "en"


def test_plain_text_comes_first_and_html_last():
    """A reader's program shows the last it understands (RFC 2046 §5.1.4)."""
    mail = parsed(message(consignment(), parcel()))

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_pictures_and_attachments_arrive_whole():
    """Pictures the HTML shows travel beside it, and files beside both."""
    picture = b"\x89PNG" + bytes(range(256))
    digest = hashlib.sha256(picture).hexdigest()
    shown = PictureRef(sha256=digest, media_type="image/png", filename="trois.png", alt="Three")
    parts = {**PARTS, "html": f'<img src="cid:{digest}" alt="Three">'}
    goods = consignment(
        content=Content(
            form="circular", language="en", direction="ltr", parts=parts, pictures=(shown,)
        ),
        pictures={digest: picture},
        attachments=(
            Attachment(
                filename="ISO-2026-3.pdf", media_type="application/pdf", content=b"%PDF" * 99
            ),
            Attachment(filename="Été “1”.pdf", media_type="application/pdf", content=b"%PDF"),
        ),
    )

    mail = parsed(message(goods, parcel()))

    assert mail.get_content_type() == "multipart/mixed"
    files = [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()]
    assert files == [("ISO-2026-3.pdf", b"%PDF" * 99), ("Été “1”.pdf", b"%PDF")]
    inline = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in inline] == [picture]
    assert inline[0]["content-id"] == f"<{digest}>"


def test_a_sender_in_another_script():
    """Its name is encoded, and its answers may go elsewhere."""
    sender = SenderSpec(name="ИСО", address="news@iso.example.org", reply_to="ask@iso.example.org")
    mail = parsed(message(consignment(sender=sender), parcel()))

    assert mail["from"].addresses[0].display_name == "ИСО"
    assert mail["reply-to"].addresses[0].addr_spec == "ask@iso.example.org"


def test_a_template_that_branches_is_filled_in_full_for_each_reader():
    """The other way to the same mail: what filling gives is what is sent."""
    content = Content(
        form="newsletter", language="en", direction="ltr", parts=PARTS, program={"any": "thing"}
    )
    seen = []

    def in_full(values):
        seen.append(values["reader.name"])
        return {"subject": "News", "text": f"For {values['reader.name']} alone", "html": "<p>x</p>"}

    goods = consignment(content=content, fill=in_full)
    mail = parsed(Mailing(goods).to(parcel()))

    assert words(mail, "plain") == "For Zoë Müller alone"
    assert seen == ["Zoë Müller"]


def test_a_value_nobody_gave_is_an_error_and_not_a_blank():
    """A mail with a hole in it never leaves."""
    goods = consignment({**PARTS, "text": hole("circular.number")})

    with pytest.raises(WillNeverWork, match=r"circular\.number"):
        message(goods, parcel())


def attached(filename: str, content: bytes) -> Attachment:
    return Attachment(filename=filename, media_type="application/pdf", content=content)


def as_sent(text: str) -> str:
    """Line ends travel as CRLF whatever they were."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_lines(mail: bytes, *, most: int) -> None:
    assert mail.endswith(b"\r\n")
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r" not in mail.replace(b"\r\n", b"")
    body = mail.partition(b"\r\n\r\n")[2]
    assert max(len(line) for line in body.split(b"\r\n")) <= most
    assert b"\r\n." not in mail  # nothing to be stuffed, RFC 5321 §4.5.2
