"""A site carried to a bucket that speaks S3, whoever keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from publisher.adapters.carriers import changes
from publisher.adapters.carriers.carried import Carried
from publisher.adapters.carriers.reach import allows_private, reached
from publisher.adapters.webpage.tree import Record, Trees
from publisher.models.adapter import Capabilities, Consignment
from publisher.models.errors import NeedsConnecting, TryLater, WillNeverWork
from publisher.models.specs import OutletSpec

if TYPE_CHECKING:
    from obstore.store import S3Store

AT_ONCE = 16
_HTML = "public, max-age=60"
_OTHER = "public, max-age=300"
#: what a bucket says a file is when it is fetched
_KINDS = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".rss": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml; charset=utf-8",
}


class SiteByS3(Carried):
    """A site in a bucket; each object is put whole, pages after what they lead to."""

    name: ClassVar[str] = "site-s3"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"page"}),
        addressed_to="endpoint",
        window=1,
        credential_fields=("endpoint", "bucket", "access_key", "secret_key"),
        settings=("address", "folder", "region"),
        pictures=True,
        site=True,
    )

    async def carry(self, consignment: Consignment, trees: Trees, record: Record) -> None:
        """See `Carried.carry`."""
        from obstore import exceptions

        store = await _store(consignment.outlet, consignment.credential)
        try:
            await _bring(store, trees.link.resolve(), record)
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise NeedsConnecting("the bucket does not let us in") from error
        except (exceptions.BaseError, FileNotFoundError, PermissionError, OSError) as error:
            # What it says names the request's address, and may name the key.
            raise TryLater("the site could not be carried: the bucket cannot be reached") from error


async def _bring(store: S3Store, tree: Path, record: Record) -> None:
    import obstore

    wanted = changes.changes(record, changes.read(await _read(store, changes.RECORD)))
    if not wanted:
        return
    some = asyncio.Semaphore(AT_ONCE)

    async def put(path: str) -> None:
        async with some:
            content = (tree / path).read_bytes()
            await obstore.put_async(store, path, content, attributes=_said(path))

    for stage in wanted.stages:
        await asyncio.gather(*map(put, stage))
    for path in wanted.gone:
        await obstore.delete_async(store, path)
    kept = changes.written(record)
    await obstore.put_async(store, changes.RECORD, kept, attributes=_said(changes.RECORD))


async def _read(store: S3Store, path: str) -> bytes:
    import obstore

    try:
        return bytes(await (await obstore.get_async(store, path)).bytes_async())
    except FileNotFoundError:
        return b""


def _said(path: str) -> Any:  # noqa: ANN401  # obstore's own type is for type checkers only
    kind = _KINDS.get(Path(path).suffix, "application/octet-stream")
    if path.endswith("/feed.json"):
        kind = "application/feed+json"  # https://www.jsonfeed.org/version/1.1/
    return {"Content-Type": kind, "Cache-Control": _HTML if path.endswith(".html") else _OTHER}


async def _store(outlet: OutletSpec, credential: Mapping[str, str]) -> S3Store:
    """Give the bucket.

    Raises:
        NeedsConnecting, TryLater: see `reached`.
        WillNeverWork: the endpoint is not an address.
    """
    from obstore.store import S3Store

    endpoint = urlsplit(credential["endpoint"])
    if endpoint.scheme not in {"http", "https"} or not endpoint.hostname:
        raise WillNeverWork("the account's endpoint is not an address such as https://s3.example")
    if endpoint.scheme == "http" and not allows_private(credential):
        raise NeedsConnecting("the account's endpoint must begin with https://")
    port = endpoint.port or (443 if endpoint.scheme == "https" else 80)
    await reached(endpoint.hostname, port, credential)
    return S3Store(
        credential["bucket"],
        prefix=str(outlet.settings.get("folder", "")) or None,
        endpoint=credential["endpoint"],
        region=str(outlet.settings.get("region", "us-east-1")),
        access_key_id=credential["access_key"],
        secret_access_key=credential["secret_key"],
        virtual_hosted_style_request=False,
        disable_bulk_delete=True,  # not every service has it
        client_options={
            "allow_http": endpoint.scheme == "http",
            "timeout": "30s",
            "connect_timeout": "10s",
        },
        retry_config={"max_retries": 2},
    )
