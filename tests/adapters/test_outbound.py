"""The one HTTP client: where it goes, and how much it takes."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from publisher.kit import outbound
from publisher.kit.outbound import Answer as Got
from publisher.kit.outbound import OutboundFailed
from publisher.kit.public_addresses import is_public
from tests.adapters.service import Answer, Service


@pytest.fixture
def site() -> Iterator[Service]:
    service = Service(None, "", {"GET /page": lambda _: Answer(body=b"hello")})
    yield service
    service.close()


def get(url: str, **said: object) -> Got:
    return asyncio.run(outbound.get(url, **{"allow_private": True, **said}))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2001:0:a9fe:a9fe::1",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_address_inside_a_network_is_public(address):
    """In whatever notation: mapped, translated, tunnelled, metadata services' own."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_public(address):
    """The others can be asked."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/page",
        "http://127.0.0.1:{port}/page",
        "http://127.1:{port}/page",
        "http://2130706433:{port}/page",
        "http://0x7f000001:{port}/page",
        "http://[::ffff:127.0.0.1]:{port}/page",
    ],
)
def test_a_private_address_is_never_asked(site, url):
    """However it is written."""
    with pytest.raises(OutboundFailed):
        get(url.format(port=site.url.rpartition(":")[2]), allow_private=False)

    assert site.requests == []


def test_a_redirect_is_checked_like_the_first_address(site, monkeypatch):
    """A public server cannot send us into our own network."""
    address = site.url.replace("127.0.0.1", "[::1]")
    site.answers("GET /page", Answer(status=302, headers={"Location": f"{address}/page"}))
    monkeypatch.setattr(outbound, "is_public", lambda address: str(address) == "127.0.0.1")

    with pytest.raises(OutboundFailed, match="not a public address"):
        get(f"{site.url}/page", allow_private=False)


def test_the_connection_goes_to_the_address_that_was_checked(site, monkeypatch):
    """A name that resolves to something else a moment later changes nothing."""
    asked = []
    resolve = asyncio.BaseEventLoop.getaddrinfo

    async def counted(self, host, port, **said):
        asked.append(host)
        return await resolve(self, host, port, **said)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", counted)

    get(f"{site.url.replace('127.0.0.1', 'localhost')}/page")

    assert [host for host in asked if host == "localhost"] == ["localhost"]
    assert site.requests[0].headers["Host"].startswith("localhost:")


def test_names_and_numbers_that_cannot_be_asked_are_a_sentence():
    """Whatever stands in a plan file."""
    for url in (
        "ftp://example.org/",
        "https://",
        "http://[",
        "http://a b/",
        "//x",
        "http://x.invalid/",
    ):
        with pytest.raises(OutboundFailed):
            get(url)


def test_a_loop_of_redirects_ends(site):
    """After a few."""
    again = Answer(status=301, headers={"Location": "/page"})
    site.answers("GET /page", *[again] * 10)

    with pytest.raises(OutboundFailed, match="redirects"):
        get(f"{site.url}/page")

    assert len(site.requests) == 6


def test_no_more_is_read_than_asked_for(site):
    """A body without end costs no memory."""
    site.answers("GET /page", Answer(body=b"x" * 200_000))

    with pytest.raises(OutboundFailed, match="larger than 100,000"):
        get(f"{site.url}/page", max_bytes=100_000)


def packed(how: str, body: bytes) -> Answer:
    return Answer(body=body, headers={"Content-Encoding": how})


@pytest.mark.parametrize(
    "answer",
    [
        packed("gzip", gzip.compress(b"hello")),
        packed("x-gzip", gzip.compress(b"hello") + b"more"),
        packed("deflate", zlib.compress(b"hello")),
        packed("deflate", zlib.compress(b"hello")[2:-4]),
        packed("identity", b"hello"),
    ],
)
def test_what_comes_packed_is_unpacked(site, answer):
    """As servers do it, the one mistake among them included."""
    site.answers("GET /page", answer)

    assert get(f"{site.url}/page").content == b"hello"


def test_a_bomb_is_left_before_it_fills_the_memory(site):
    """A piece of 64 KB would become 64 MB before anybody could count it."""
    site.answers("GET /page", packed("gzip", gzip.compress(bytes(60_000_000))))

    tracemalloc.start()
    with pytest.raises(OutboundFailed, match="larger than 100,000"):
        get(f"{site.url}/page", max_bytes=100_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 10_000_000


@pytest.mark.parametrize("how", ["gzip, gzip", "br", "zstd"])
def test_what_is_packed_as_nobody_offered_is_not_unpacked(site, how):
    """Packed twice, a kilobyte becomes a gigabyte."""
    site.answers("GET /page", packed(how, gzip.compress(gzip.compress(b"hello"))))

    with pytest.raises(OutboundFailed, match="not asked for"):
        get(f"{site.url}/page")


def test_a_server_that_hangs_is_given_up(site):
    """All of it together has a time."""
    site.hangs("GET /page")

    with pytest.raises(OutboundFailed, match="longer than"):
        get(f"{site.url}/page", seconds=0.2)


def test_a_problem_names_no_password_and_no_query(site):
    """Both may be secret."""
    secret = site.url.replace("http://", "http://user:pass@") + "/nothing?token=abc"

    with pytest.raises(OutboundFailed) as caught:
        get(secret)

    assert "abc" not in str(caught.value)
    assert "pass" not in str(caught.value)
