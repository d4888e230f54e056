"""The one HTTP client for addresses that somebody else chose.

It connects only to public addresses (checked after the name is resolved, and the connection is
made to the very address checked), follows few redirects, each checked again, and reads no more
than it was told to within the time it was told.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from publisher.kit.public_addresses import Address, is_public
from publisher.kit.unpacking import OFFERED, CannotUnpack, TooLarge, Unpacker

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, which may hold secrets

TIMEOUT_SECONDS: Final = 10.0  #: for each step: connecting, and each wait for a byte
WHOLE_SECONDS: Final = 30.0  #: for everything, redirects included
MAX_BYTES: Final = 5_000_000
MAX_REDIRECTS: Final = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}


class OutboundFailed(Exception):
    """Nothing usable came back; the sentence says why, without the address's query."""


class NeverLeft(OutboundFailed):
    """The request surely did not reach anybody: it was not allowed, or there was no connection."""


class NotAllowed(NeverLeft):
    """The address is not a public one, or none of the web's."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was there."""

    status: int  #: 200, or 304 when it has not changed
    url: str  #: the last, after redirects
    content: bytes = field(repr=False)
    etag: str = ""
    last_modified: str = ""
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a service answered, whatever its status."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    content: bytes = field(repr=False)


async def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    max_bytes: int = MAX_BYTES,
    seconds: float = WHOLE_SECONDS,
    allow_private: bool = False,
    body: bool = True,
) -> Reply:
    """Make one request and give the answer; a redirect is an answer, and is not followed.

    Args:
        method: such as POST.
        url: http or https.
        headers: besides Host, length and User-Agent.
        content: the body.
        max_bytes: more of the answer is not read.
        seconds: how long all of it may take.
        allow_private: let loopback and private addresses through, at the operator's word.
        body: read the answer's; without it, only its status and headers are.

    Raises:
        NeverLeft: nobody can have got it.
        OutboundFailed: it may have arrived, and no usable answer came.
    """
    said = {"User-Agent": "Publisher", **(headers or {})}
    try:
        async with asyncio.timeout(seconds):
            request = await _request(method, url, said, content, allow_private=allow_private)
            return await _sent(url, request, max_bytes if body else None)
    except TimeoutError as error:
        raise OutboundFailed(f"{_shown(url)} took longer than {seconds:g} seconds") from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise NeverLeft(f"{_shown(url)} cannot be reached") from error
    except (httpx.HTTPError, ssl.SSLError) as error:
        raise OutboundFailed(f"{_shown(url)}: {error or type(error).__name__}") from error


async def get(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    accept: str = "*/*",
    max_bytes: int = MAX_BYTES,
    seconds: float = WHOLE_SECONDS,
    allow_private: bool = False,
    body: bool = True,
) -> Answer:
    """Fetch `url`, unless it has not changed since `etag` or `last_modified`.

    Args:
        url: http or https.
        etag: what an earlier answer said.
        last_modified: likewise.
        accept: media types wanted.
        max_bytes: more is not read.
        seconds: how long all of it may take.
        allow_private: let loopback and private addresses through; for tests.
        body: read what is there; without it, only whether it answers is found out.

    Raises:
        OutboundFailed: not reached, not allowed, too large, too slow, or an error status.
    """
    headers = {"Accept": accept, "User-Agent": "Publisher (feed reader)"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    try:
        async with asyncio.timeout(seconds):
            most = max_bytes if body else 0
            return await _follow(url, headers, max_bytes=most, allow_private=allow_private)
    except TimeoutError as error:
        raise OutboundFailed(f"{_shown(url)} took longer than {seconds:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise OutboundFailed(f"{_shown(url)}: {error or type(error).__name__}") from error


async def refuse_private(host: str, port: int = 443) -> None:
    """Refuse a server that is not one of the public Internet's.

    Raises:
        NotAllowed: one of its addresses is private.
        NeverLeft: it is not known to the Internet's names.
    """
    if not all(is_public(address) for address in await _addresses(host, port)):
        raise NotAllowed(f"{host} is not a public address")


async def _follow(
    url: str, headers: Mapping[str, str], *, max_bytes: int, allow_private: bool
) -> Answer:
    for _ in range(MAX_REDIRECTS + 1):
        answer, location = await _once(
            url, headers, max_bytes=max_bytes, allow_private=allow_private
        )
        if location is None:
            return answer
        url = urljoin(url, location)
    raise OutboundFailed(f"{_shown(url)} redirects more than {MAX_REDIRECTS} times")


async def _once(
    url: str, headers: Mapping[str, str], *, max_bytes: int, allow_private: bool
) -> tuple[Answer, str | None]:
    """Ask once; give the answer, and where it redirects to, if it does."""
    request = await _request("GET", url, headers, b"", allow_private=allow_private)
    async with _client() as client:
        response = await client.send(request, stream=True)
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return _answer(url, response, b""), response.headers["location"]
            if response.status_code not in {200, 304}:
                raise OutboundFailed(f"{_shown(url)} answered {response.status_code}")
            content = await _body(url, response, max_bytes) if max_bytes else b""
            return _answer(url, response, content), None
        finally:
            await response.aclose()


async def _sent(url: str, request: httpx.Request, max_bytes: int | None) -> Reply:
    async with _client() as client:
        response = await client.send(request, stream=True)
        try:
            content = b"" if max_bytes is None else await _body(url, response, max_bytes)
        finally:
            await response.aclose()
    return Reply(status=response.status_code, headers=dict(response.headers), content=content)


def _client() -> httpx.AsyncClient:
    # Proxies and credentials of the environment would lead around the check.
    return httpx.AsyncClient(trust_env=False, follow_redirects=False)


async def _request(
    method: str, url: str, headers: Mapping[str, str], content: bytes, *, allow_private: bool
) -> httpx.Request:
    """Make a request to the very address that was checked."""
    pinned, name = await _pinned(url, allow_private=allow_private)
    return httpx.Request(
        method,
        pinned,
        headers={"Accept-Encoding": OFFERED, **headers, "Host": _host_header(url)},
        content=content or None,
        extensions={"sni_hostname": name, "timeout": httpx.Timeout(TIMEOUT_SECONDS).as_dict()},
    )


async def _body(url: str, response: httpx.Response, max_bytes: int) -> bytes:
    """Read the body as it comes; what is compressed counts as large as it becomes."""
    try:
        read = Unpacker(response.headers.get("content-encoding", ""), max_bytes)
        async for piece in response.aiter_raw():
            read.take(piece)
    except TooLarge:
        raise OutboundFailed(f"{_shown(url)} is larger than {max_bytes:,} bytes") from None
    except CannotUnpack as error:
        raise OutboundFailed(f"{_shown(url)}: {error}") from error
    return read.made()


def _answer(url: str, response: httpx.Response, content: bytes) -> Answer:
    return Answer(
        status=response.status_code,
        url=url,
        content=content,
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
        media_type=response.headers.get("content-type", ""),
    )


async def _pinned(url: str, *, allow_private: bool) -> tuple[httpx.URL, str]:
    """Resolve an address's name, and give the address with the number in the name's place."""
    parsed = _parsed(url)
    name = parsed.host
    port = parsed.port or _PORTS[parsed.scheme]
    addresses = await _addresses(name, port)
    if not allow_private and not all(is_public(address) for address in addresses):
        raise NotAllowed(f"{_shown(url)} is not a public address")
    return parsed.copy_with(host=str(addresses[0]), userinfo=b"", fragment=None), name


def _parsed(url: str) -> httpx.URL:
    parsed = httpx.URL(url)
    if parsed.scheme not in _PORTS or not parsed.host:
        raise NeverLeft(f"{_shown(url)} is not an address that begins with http:// or https://")
    return parsed


async def _addresses(name: str, port: int) -> list[Address]:
    """Give every address of a name; a number gives itself."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NeverLeft(f"{name} is not known to the Internet's names") from error
    return [ipaddress.ip_address(sockaddr[0]) for *_, sockaddr in found]


def _host_header(url: str) -> str:
    parsed = httpx.URL(url)
    host = parsed.netloc.decode("ascii")
    return host.rpartition("@")[2]


def _shown(url: str) -> str:
    """Give an address without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
