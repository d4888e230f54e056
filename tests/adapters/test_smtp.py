"""SMTP against a server that answers as it is told."""

from __future__ import annotations

import asyncio
import datetime
import email
import email.policy
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from publisher.adapters.mail.smtp import Smtp
from publisher.models.adapter import Outcome, Parcel, Verdict
from publisher.models.errors import NeedsConnecting, TryLater
from tests.faults.sink import sink
from tests.unit.mail.letters import consignment, outlet, parcel


def sent(port: int, parcels: list[Parcel], *, credential=None, pace=None, **settings):
    """Hand parcels over in windows of 20; give what became of each, by delivery."""
    goods = consignment(
        outlet=outlet(
            settings={"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5}
            | settings,
            pace=pace or {"connections": 3},
        ),
        credential=credential or {},
    )
    outcomes: dict[int, Outcome] = {}

    async def windows() -> AsyncIterator[list[Parcel]]:
        for start in range(0, len(parcels), 20):
            yield parcels[start : start + 20]

    def report(outcome: Outcome) -> None:
        assert outcome.delivery not in outcomes, "an outcome was reported twice"
        outcomes[outcome.delivery] = outcome

    async def run() -> None:
        await Smtp().hand_over(goods, windows(), report)

    try:
        asyncio.run(run())
    except Exception as error:
        error.outcomes = outcomes
        raise
    return outcomes


def many(count: int) -> list[Parcel]:
    return [parcel(number) for number in range(1, count + 1)]


def verdicts(outcomes: dict[int, Outcome]) -> dict[Verdict, int]:
    counted: dict[Verdict, int] = {}
    for outcome in outcomes.values():
        counted[outcome.verdict] = counted.get(outcome.verdict, 0) + 1
    return counted


def test_every_mail_arrives_once_and_whole(tmp_path: Path):
    """Over several connections, pipelined; each mail is the reader's own."""
    with sink(tmp_path, keep=True) as server:
        outcomes = sent(server.port, many(100))

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 100}
    assert sorted(server.taken()) == sorted(
        f"0123456789abcdef0123.{n}@iso.example.org" for n in range(1, 101)
    )
    mail = email.message_from_bytes(server.mails()[0], policy=email.policy.default)
    assert "Dear Zoë Müller," in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "extensions",
    [
        [],
        ["PIPELINING"],
        ["8BITMIME"],
        ["CHUNKING"],
        ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE"],
        ["PIPELINING", "CHUNKING", "SIZE"],
    ],
)
def test_a_server_gets_only_what_it_offers(tmp_path: Path, extensions):
    """An old server without any extension is served as well, one command at a time."""
    with sink(tmp_path, extensions=extensions) as server:
        outcomes = sent(server.port, many(30))

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 30}
    mails = [line for line in server.commands() if line.startswith("MAIL")]
    assert any("BODY=8BITMIME" in line for line in mails) == ("8BITMIME" in extensions)
    assert any("SIZE=" in line for line in mails) == ("SIZE" in extensions)


def test_refusals_are_told_apart_from_later(tmp_path: Path):
    """4yz may be tried again, 5yz never; the others go through (RFC 5321 §4.2.1)."""
    replies = {
        "RCPT": {
            "reader3@": "450 4.2.1 <reader3@example.org> busy",
            "reader4@": "550 5.1.1 nobody",
        },
        "DATA": {},
        "END": {"reader5@": "452 4.3.1 full", "reader6@": "554 5.7.1 not this"},
    }
    with sink(tmp_path, replies=replies) as server:
        outcomes = sent(server.port, many(10))

    assert {number: outcome.verdict for number, outcome in sorted(outcomes.items())} == {
        1: Verdict.ACCEPTED,
        2: Verdict.ACCEPTED,
        3: Verdict.LATER,
        4: Verdict.REFUSED,
        5: Verdict.LATER,
        6: Verdict.REFUSED,
        **dict.fromkeys(range(7, 11), Verdict.ACCEPTED),
    }
    assert outcomes[3].answer == "450 4.2.1 <address> busy"


def test_mails_refused_as_chunks_hold_up_no_others(tmp_path: Path):
    """After a chunk that a server refused, a new connection begins with the next mail."""
    replies = {
        "RCPT": {"reader3@": "550 5.1.1 no such reader"},
        "END": {"To: .*reader(7|8)@": "554 5.7.1 not like this"},
    }
    with sink(tmp_path, extensions=["PIPELINING", "CHUNKING"], replies=replies, keep=True) as one:
        outcomes = sent(one.port, many(40), pace={"connections": 1})

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 37, Verdict.REFUSED: 3}
    assert len(set(one.taken())) == len(one.taken()) == 37
    assert not any(command.startswith("DATA") for command in one.commands())
    assert all(mail.endswith(b"\r\n") for mail in one.mails())


def test_a_data_that_goes_on_without_a_recipient_is_ended(tmp_path: Path):
    """Some servers say 354 although they refused the recipient; no mail is sent to nobody."""
    replies = {"RCPT": {"reader2@": "550 no"}, "DATA": {".": "354 go on"}}
    with sink(tmp_path, replies=replies) as server:
        outcomes = sent(server.port, many(5), pace={"connections": 1})

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 4, Verdict.REFUSED: 1}
    assert len(server.taken()) == 4


def test_421_in_mid_session_loses_and_repeats_nothing(tmp_path: Path):
    """The mail that was sent away goes through another connection."""
    with sink(tmp_path, every={"421 4.3.2 go away": 10}) as server:
        outcomes = sent(server.port, many(100))

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 100}
    assert len(server.taken()) == len(set(server.taken())) == 100


def test_a_server_that_takes_a_mail_and_hangs_leaves_that_one_uncertain(tmp_path: Path):
    """Nobody knows whether it arrived: it is not repeated, and the others go on."""
    with sink(tmp_path, hang_at=[7]) as server:
        outcomes = sent(server.port, many(60), timeout_seconds=1)

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 59, Verdict.UNCERTAIN: 1}
    assert len(server.taken()) == len(set(server.taken())) == 60


def test_a_server_that_hangs_up_on_half_its_sessions_gets_every_mail(tmp_path: Path):
    """What was not taken goes through another session; what may have been is uncertain."""
    with sink(tmp_path, drop_sessions=2, drop_after=3) as server:
        outcomes = sent(server.port, many(100))

    counted = verdicts(outcomes)
    assert counted[Verdict.ACCEPTED] + counted.get(Verdict.UNCERTAIN, 0) == 100
    taken = server.taken()
    assert len(taken) == len(set(taken))
    accepted = [n for n, outcome in outcomes.items() if outcome.verdict is Verdict.ACCEPTED]
    assert len(accepted) <= len(taken) <= 100


def test_a_dead_server_is_tried_later(tmp_path: Path):
    """Nothing is taken and nothing is refused."""
    with sink(tmp_path) as server:
        port = server.port

    with pytest.raises(TryLater, match="cannot be reached") as raised:
        sent(port, many(3))

    assert raised.value.outcomes == {}


def test_a_server_that_refuses_the_sender_needs_a_person(tmp_path: Path):
    """It would refuse every mail; they stay queued."""
    with (
        sink(tmp_path, replies={"MAIL": {".": "550 5.7.1 <news@iso.example.org> who?"}}) as server,
        pytest.raises(NeedsConnecting, match="does not take mail from this sender"),
    ):
        sent(server.port, many(3))


def test_a_server_that_takes_nothing_for_now_is_left_alone(tmp_path: Path):
    """After many 4yz in a row the rest stays queued instead of knocking on."""
    with sink(tmp_path, replies={"RCPT": {".": "451 not now"}}) as server, pytest.raises(TryLater):
        sent(server.port, many(200))


def test_the_second_server_takes_over(tmp_path: Path):
    """Servers are tried in order."""
    with sink(tmp_path / "a") as dead:
        port = dead.port
    with sink(tmp_path / "b") as alive:
        servers = f"127.0.0.1:{port} 127.0.0.1:{alive.port}"
        outcomes = sent(alive.port, many(5), host="", servers=servers)

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 5}


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_signing_in(tmp_path: Path, way):
    """By PLAIN or by LOGIN, whichever is offered."""
    script = {"extensions": ["PIPELINING", f"AUTH {way}"], "user": "iso", "password": "secret"}
    with sink(tmp_path, **script) as server:
        good = sent(server.port, many(3), credential={"username": "iso", "password": "secret"})
        with pytest.raises(NeedsConnecting, match="name and password"):
            sent(server.port, many(3), credential={"username": "iso", "password": "wrong"})
        with pytest.raises(NeedsConnecting):
            sent(server.port, many(3))

    assert verdicts(good) == {Verdict.ACCEPTED: 3}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_safe_line_wants_a_certificate_to_be_trusted(tmp_path: Path, security):
    """Without the authority's certificate nothing is sent, not even the password."""
    certificate, key = self_signed(tmp_path)
    script = {
        "extensions": ["PIPELINING", "STARTTLS", "AUTH PLAIN"],
        "certificate": str(certificate),
        "key": str(key),
        "tls": security == "tls",
        "user": "iso",
        "password": "secret",
    }
    credential = {"username": "iso", "password": "secret"}
    with sink(tmp_path / "sink", **script) as server:
        good = sent(
            server.port,
            many(10),
            security=security,
            ca_file=str(certificate),
            credential=credential,
        )
        with pytest.raises(NeedsConnecting, match="not to be trusted"):
            sent(server.port, many(3), security=security, credential=credential)

    assert verdicts(good) == {Verdict.ACCEPTED: 10}


def test_starttls_that_is_not_offered_is_not_done_without(tmp_path: Path):
    """Somebody in between could have taken the offer out."""
    with sink(tmp_path) as server, pytest.raises(NeedsConnecting, match="STARTTLS"):
        sent(server.port, many(3), security="starttls")


def test_addresses_in_other_scripts(tmp_path: Path):
    """Domains travel in ASCII; local parts need SMTPUTF8, and without it are refused alone."""
    parcels = [parcel(1, address="ana@bücher.example"), parcel(2, address="zoë@example.org")]
    with sink(tmp_path / "a") as able:
        both = sent(able.port, parcels)
    with sink(tmp_path / "b", extensions=["PIPELINING", "8BITMIME"]) as unable:
        one = sent(unable.port, parcels)

    assert verdicts(both) == {Verdict.ACCEPTED: 2}
    assert {number: outcome.verdict for number, outcome in one.items()} == {
        1: Verdict.ACCEPTED,
        2: Verdict.REFUSED,
    }
    assert "RCPT TO:<ana@xn--bcher-kva.example>" in able.commands()


def test_an_address_with_a_line_end_is_refused_alone(tmp_path: Path):
    """It could put commands or headers of its own into the session."""
    bad = parcel(2, address="x@example.org\r\nRCPT TO:<y@example.org>")
    with sink(tmp_path) as server:
        outcomes = sent(server.port, [parcel(1), bad, parcel(3)])

    assert outcomes[2].verdict is Verdict.REFUSED
    assert verdicts(outcomes) == {Verdict.ACCEPTED: 2, Verdict.REFUSED: 1}


def test_a_mail_larger_than_the_server_takes_is_refused_before_it_is_sent(tmp_path: Path):
    """The server's SIZE says so (RFC 1870)."""
    with sink(tmp_path, extensions=["PIPELINING", "SIZE 500"]) as server:
        outcomes = sent(server.port, many(2))

    assert verdicts(outcomes) == {Verdict.REFUSED: 2}
    assert "MAIL" not in " ".join(server.commands())


def test_a_connection_is_closed_after_as_many_mails_as_the_server_likes(tmp_path: Path):
    """And the next one goes on."""
    with sink(tmp_path) as server:
        outcomes = sent(server.port, many(25), mails_per_connection=10, pace={"connections": 1})

    assert verdicts(outcomes) == {Verdict.ACCEPTED: 25}
    assert sum(line.startswith("EHLO") for line in server.commands()) == 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "smtp needs the setting “host”"),
        ({"host": "mail.example.org", "security": "ssl"}, "none, starttls or tls"),
        ({"host": "mail.example.org", "prot": 25}, "smtp knows no setting “prot”"),
        ({"host": "mail.example.org", "port": 0}, "a whole number from 1"),
        ({"host": "mail example org;"}, "is not a server"),
        ({"host": "mail.example.org", "envelope_from": "x"}, "is not an address"),
        ({"host": "mail.example.org", "client_name": "x\r\nRSET"}, "“client_name”"),
    ],
)
def test_wrong_settings_are_named(settings, sentence):
    """Without the network, before anything is sent."""
    assert any(sentence in said for said in Smtp().check(outlet(settings=settings), None))
    assert Smtp().check(outlet(settings={"host": "mail.example.org", "port": 587}), None) == []


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that is its own authority."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
