"""A site carried by SFTP: each file under another name first, then renamed into its place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar, cast

from publisher.adapters.carriers import changes
from publisher.adapters.carriers.carried import Carried
from publisher.adapters.carriers.reach import reached
from publisher.adapters.webpage.tree import Record, Trees
from publisher.models.adapter import Capabilities, Consignment
from publisher.models.errors import NeedsConnecting, TryLater

if TYPE_CHECKING:
    import asyncssh

logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it logs names and addresses

AT_ONCE = 16  #: files under way at the same time
SECONDS = 20  #: to connect and be let in
PORT = 22


class SiteBySftp(Carried):
    """A site on a machine that takes files by SFTP, whose key is pinned."""

    name: ClassVar[str] = "site-sftp"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"page"}),
        addressed_to="endpoint",
        window=1,
        credential_fields=("host", "host_key", "username", "private_key"),
        settings=("address", "folder", "port"),
        pictures=True,
        site=True,
    )

    async def carry(self, consignment: Consignment, trees: Trees, record: Record) -> None:
        """See `Carried.carry`."""
        import asyncssh

        folder = PurePosixPath(str(consignment.outlet.settings.get("folder", ".")))
        try:
            async with _connected(consignment) as sftp:
                await _bring(_Target(sftp, folder), trees.link.resolve(), record)
        except (asyncssh.PermissionDenied, asyncssh.HostKeyNotVerifiable) as error:
            raise NeedsConnecting(f"the server does not let us in: {error.reason}") from error
        except (asyncssh.Error, OSError, TimeoutError) as error:
            said = error.reason if isinstance(error, asyncssh.Error) else type(error).__name__
            raise TryLater(f"the site could not be carried: {said}") from error


class _Target:
    """A folder on the other side."""

    def __init__(self, sftp: asyncssh.SFTPClient, folder: PurePosixPath) -> None:
        self._sftp = sftp
        self._folder = folder
        self._some = asyncio.Semaphore(AT_ONCE)

    async def read(self, path: str) -> bytes:
        """Give a file; nothing if it is not there."""
        import asyncssh

        try:
            async with self._sftp.open(str(self._folder / path), "rb") as file:
                return cast("bytes", await file.read())  # opened as "rb"
        except asyncssh.SFTPNoSuchFile:
            return b""

    async def folders(self, paths: Sequence[str]) -> None:
        """Make the folders that files will stand in."""
        for place in sorted({(self._folder / path).parent for path in paths}):
            await self._sftp.makedirs(str(place), exist_ok=True)

    async def put(self, path: str, content: bytes) -> None:
        """Put a file whole: a reader sees the old one or the new one."""
        async with self._some:
            place = self._folder / path
            aside = place.with_name(f".new-{place.name}")
            async with self._sftp.open(str(aside), "wb") as file:
                await file.write(content)
            await self._sftp.posix_rename(str(aside), str(place))

    async def remove(self, path: str) -> None:
        """Take a file away; one that is gone already is no trouble."""
        import asyncssh

        async with self._some:
            try:
                await self._sftp.remove(str(self._folder / path))
            except asyncssh.SFTPNoSuchFile:
                return


async def _bring(target: _Target, tree: Path, record: Record) -> None:
    there = changes.read(await target.read(changes.RECORD))
    wanted = changes.changes(record, there)
    if not wanted:
        return
    for stage in wanted.stages:
        await target.folders(stage)
        await asyncio.gather(*(target.put(path, (tree / path).read_bytes()) for path in stage))
    await asyncio.gather(*(target.remove(path) for path in wanted.gone))
    await target.folders([changes.RECORD])
    await target.put(changes.RECORD, changes.written(record))


@asynccontextmanager
async def _connected(consignment: Consignment) -> AsyncIterator[asyncssh.SFTPClient]:
    """Connect to the very machine whose key the credential holds; no agent, no files of ours."""
    import asyncssh

    credential = consignment.credential
    try:
        pinned = asyncssh.import_public_key(credential["host_key"])
        key = asyncssh.import_private_key(credential["private_key"])
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise NeedsConnecting(f"a key of the account cannot be read: {error}") from error
    port = int(consignment.outlet.settings.get("port", PORT))
    number = await reached(credential["host"], port, credential)
    async with (
        asyncssh.connect(
            number,
            port,
            username=credential["username"],
            client_keys=[key],
            known_hosts=([pinned], [], []),
            agent_path=None,
            config=None,
            connect_timeout=SECONDS,
            login_timeout=SECONDS,
            keepalive_interval=15,
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp
