"""Where sites are carried to, on loopback: an SFTP server, a bucket, a Git repository."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ADDRESS = "https://www.example.org/wsc"


@dataclass
class Target:
    """A target, and what an outlet needs to be carried to it."""

    adapter: str
    credential: dict[str, str]
    settings: dict[str, Any]
    folder: Path  #: where its files can be looked at
    puts: list[str] = field(default_factory=list)  #: what was carried, in order

    def outlet(self, **more: Any) -> dict[str, Any]:
        """Give the changes to a consignment that send it there."""
        return {
            "adapter": self.adapter,
            "account": "target",
            "credential": self.credential,
            "settings": {"address": ADDRESS, **self.settings},
            **more,
        }


@cache
def key(whose: str) -> Any:
    """Make a private key for somebody."""
    import asyncssh

    del whose
    return asyncssh.generate_private_key("ssh-ed25519")


@contextmanager
def sftp(folder: Path) -> Iterator[Target]:
    """Serve a folder by SFTP, to one key."""
    import asyncssh

    folder.mkdir(parents=True, exist_ok=True)
    target = Target("site-sftp", {}, {"folder": "public"}, folder / "public")

    class Served(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            super().__init__(chan, chroot=str(folder).encode())

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> Any:
            target.puts.append(newpath.decode().removeprefix("public/"))
            return super().posix_rename(oldpath, newpath)

    with _loop() as run:
        keys = asyncssh.import_authorized_keys(key("ours").export_public_key().decode())
        server = run(
            asyncssh.listen(
                "127.0.0.1",
                0,
                server_host_keys=[key("host")],
                authorized_client_keys=keys,
                sftp_factory=Served,
            )
        )
        target.settings["port"] = server.sockets[0].getsockname()[1]
        target.credential = {
            "host": "127.0.0.1",
            "host_key": key("host").export_public_key().decode(),
            "username": "site",
            "private_key": key("ours").export_private_key().decode(),
            "private": "yes",
        }
        yield target
        run(_closed(server))


@contextmanager
def _loop() -> Iterator[Any]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda made: asyncio.run_coroutine_threadsafe(_awaited(made), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: Any) -> None:
    """Close a server in its own loop: from another thread the last connection's end may cross."""
    server.close()
    await server.wait_closed()


async def _awaited(made: Any) -> Any:
    return await made


@contextmanager
def s3(folder: Path) -> Iterator[Target]:
    """Keep a bucket that takes only what botocore's own signer would have signed so."""
    from botocore.credentials import Credentials

    folder.mkdir(parents=True, exist_ok=True)
    keys = Credentials("AN-ACCESS-KEY", "a-secret-key")
    target = Target("site-s3", {}, {"folder": "public"}, folder / "public")

    class Bucket(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = folder / unquote(self.path).partition("?")[0].removeprefix("/bucket/")
            if not _signed(self, content, keys):
                self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
            elif self.command == "PUT":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                target.puts.append(path.relative_to(folder / "public").as_posix())
                self._answer(200, b"", {"ETag": '"1"'})
            elif not path.is_file():
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            elif self.command == "DELETE":
                path.unlink()
                self._answer(204, b"")
            else:
                told = {"ETag": '"1"', "Last-Modified": "Fri, 12 Mar 2027 12:00:00 GMT"}
                self._answer(200, path.read_bytes(), told)

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = _do  # noqa: N815

        def _answer(
            self, status: int, content: bytes, headers: dict[str, str] | None = None
        ) -> None:
            self.send_response_only(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    target.credential = {
        "endpoint": f"http://127.0.0.1:{server.server_address[1]}",
        "bucket": "bucket",
        "access_key": keys.access_key,
        "secret_key": keys.secret_key,
        "private": "yes",
    }
    try:
        yield target
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _signed(asked: BaseHTTPRequestHandler, content: bytes, keys: Any) -> bool:
    """Sign the same request with botocore, and compare."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest

    said = asked.headers.get("Authorization", "")
    names = said.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: asked.headers[name] for name in names}
    url = f"http://{asked.headers['Host']}{asked.path}"
    request = AWSRequest(method=asked.command, url=url, headers=headers, data=content)
    request.context["timestamp"] = asked.headers["x-amz-date"]
    signer = S3SigV4Auth(keys, "s3", "us-east-1")
    string = signer.string_to_sign(request, signer.canonical_request(request))
    return bool(names) and said.endswith(signer.signature(string, request))


@contextmanager
def git(folder: Path) -> Iterator[Target]:
    """Keep a bare repository."""
    folder.mkdir(parents=True, exist_ok=True)
    repository = folder / "site.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repository], check=True)
    credential = {"repository": f"file://{repository}", "private": "yes"}
    yield Target("site-git", credential, {"branch": "main"}, folder / "clone")


TARGETS = {"site-sftp": sftp, "site-s3": s3, "site-git": git}
