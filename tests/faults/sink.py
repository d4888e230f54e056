"""A mail server that misbehaves as it is told, and writes down what it took.

`python -m tests.faults.sink FOLDER SCRIPT` listens on a free port of 127.0.0.1, prints the port,
and appends a line to FOLDER/taken for each mail it took: the moment, the session and the
Message-ID. SCRIPT is JSON; see `Script`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Script:
    """How it behaves; the mails and sessions it counts are numbered from 1."""

    extensions: list[str] = field(
        default_factory=lambda: ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 20000000"]
    )
    port: int = 0
    greeting: str = "220 sink.example.org ESMTP"
    #: by stage (MAIL, RCPT, DATA or END, the final dot): a regular expression over the sender,
    #: the recipient or the whole mail, and the reply
    replies: dict[str, dict[str, str]] = field(default_factory=dict)
    every: dict[str, int] = field(default_factory=dict)  #: each n-th mail's END gets this reply
    hang_at: list[int] = field(default_factory=list)  #: takes these mails and never answers
    die_at: int = 0  #: answers 250 to this mail, and ends the process
    drop_sessions: int = 0  #: hangs up on each n-th session, after `drop_after` mails of it
    drop_after: int = 0
    seconds: float = 0.0  #: waits before the reply to each mail, which it has taken
    recipient_seconds: float = 0.0  #: waits before the reply to each recipient
    user: str = ""
    password: str = ""
    certificate: str = ""  #: with STARTTLS among the extensions, or `tls`
    key: str = ""
    tls: bool = False
    keep: bool = False  #: keep each mail in FOLDER/mails


class Sink:
    """One server."""

    def __init__(self, folder: Path, script: Script) -> None:
        self.folder, self.script = folder, script
        self.mails = self.sessions = 0
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self.taken = os.open(folder / "taken", flags, 0o600)
        self.commands = os.open(folder / "commands", flags, 0o600)
        if script.keep:
            (folder / "mails").mkdir(exist_ok=True)

    def context(self) -> ssl.SSLContext | None:
        if not self.script.certificate:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.script.certificate, self.script.key)
        return context

    async def serve(self) -> None:
        context = self.context() if self.script.tls else None
        server = await asyncio.start_server(
            self.session, "127.0.0.1", self.script.port, ssl=context, limit=2**24
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        try:
            await Session(self, reader, writer, self.sessions).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class Session:
    """One connection."""

    def __init__(self, sink: Sink, reader, writer, number: int) -> None:
        self.sink, self.script = sink, sink.script
        self.reader, self.writer = reader, writer
        self.number, self.count = number, 0
        self.signed_in = not self.script.user
        self.recipient = ""

    def say(self, *lines: str) -> None:
        last = len(lines) - 1
        for index, line in enumerate(lines):
            text = line if index == last else f"{line[:3]}-{line[4:]}"
            self.writer.write(f"{text}\r\n".encode())

    async def line(self) -> str:
        return (await self.reader.readuntil(b"\r\n")).decode().rstrip("\r\n")

    async def run(self) -> None:
        self.say(self.script.greeting)
        while not self.writer.is_closing():
            if self.due_to_drop():
                self.writer.transport.abort()
                return
            line = await self.line()
            verb = line.partition(" ")[0].upper()
            os.write(self.sink.commands, f"{self.number} {line}\n".encode())
            if verb == "QUIT":
                self.say("221 bye")
                return
            await getattr(self, f"on_{verb.lower()}", self.unknown)(line)
            await self.writer.drain()

    def due_to_drop(self) -> bool:
        often = self.script.drop_sessions
        return bool(often and self.number % often == 0 and self.count >= self.script.drop_after)

    async def unknown(self, line: str) -> None:
        self.say("500 what?")

    async def on_ehlo(self, line: str) -> None:
        self.say("250 sink.example.org", *(f"250 {one}" for one in self.script.extensions))

    async def on_helo(self, line: str) -> None:
        self.say("250 sink.example.org")

    async def on_rset(self, line: str) -> None:
        self.say("250 forgotten")

    async def on_starttls(self, line: str) -> None:
        self.say("220 go on")
        await self.writer.drain()
        await self.writer.start_tls(self.sink.context())

    async def on_auth(self, line: str) -> None:
        _, way, *rest = line.split(" ")
        name, password = self.script.user.encode(), self.script.password.encode()
        if way == "PLAIN":
            good = rest[0].encode() == b64encode(b"\0" + name + b"\0" + password)
        else:
            said = []
            for question in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                self.say(f"334 {question}")
                said.append((await self.line()).encode())
            good = said == [b64encode(name), b64encode(password)]
        self.signed_in = good
        self.say("235 welcome" if good else "535 5.7.8 no")

    async def on_mail(self, line: str) -> None:
        self.sender_refused = not self.signed_in or bool(self.scripted("MAIL", line))
        refusal = "530 5.7.0 sign in first" if not self.signed_in else None
        self.say(refusal or self.scripted("MAIL", line) or "250 ok")

    async def on_rcpt(self, line: str) -> None:
        if self.script.recipient_seconds:
            await self.writer.drain()
            await asyncio.sleep(self.script.recipient_seconds)
        refusal = "503 sender first" if self.sender_refused else self.scripted("RCPT", line)
        self.recipient = "" if refusal else line
        self.say(refusal or "250 ok")

    async def on_data(self, line: str) -> None:
        refusal = self.scripted("DATA", line) or (None if self.recipient else "554 no recipient")
        self.say(refusal or "354 go on")
        if refusal and not refusal.startswith("3"):
            return
        await self.writer.drain()
        mail = b""
        while not (mail == b".\r\n" or mail.endswith(b"\r\n.\r\n")):
            mail += await self.reader.readuntil(b".\r\n")
        await self.whole(mail.removesuffix(b".\r\n"))

    async def on_bdat(self, line: str) -> None:
        size, last = line.split(" ")[1:]
        assert last == "LAST", "a mail comes in one chunk"
        await self.whole(await self.reader.readexactly(int(size)))

    async def whole(self, mail: bytes) -> None:
        sink, script = self.sink, self.script
        if not self.recipient:
            self.say("554 no recipient")
            return
        sink.mails += 1
        self.count += 1
        number = sink.mails
        refusal = self.scripted("END", mail.decode(errors="replace"))
        for reply, often in script.every.items():
            if number % often == 0:
                refusal = reply
        if not refusal:
            self.take(mail, number)
        if number in script.hang_at:
            await asyncio.sleep(3600)
        if script.seconds:
            await asyncio.sleep(script.seconds)
        self.say(refusal or f"250 taken as {number}")
        self.recipient = ""
        if refusal and refusal.startswith("421"):
            await self.writer.drain()
            self.writer.close()
        if number == script.die_at:
            await self.writer.drain()
            os.kill(os.getpid(), signal.SIGKILL)

    def take(self, mail: bytes, number: int) -> None:
        found = re.search(rb"(?im)^Message-ID: <(.*?)>", mail)
        name = found[1].decode() if found else "none"
        line = f"{time.time():.6f} {self.number} {name}\n"
        os.write(self.sink.taken, line.encode())
        if self.script.keep:
            (self.sink.folder / "mails" / f"{number}.eml").write_bytes(mail)

    def scripted(self, stage: str, text: str) -> str | None:
        for pattern, reply in self.script.replies.get(stage, {}).items():
            if re.search(pattern, text):
                return reply
        return None


@dataclass
class Running:
    """A sink in a process of its own, as tests see it."""

    port: int
    folder: Path
    process: subprocess.Popen[str]

    def moments(self) -> list[float]:
        """Give the moments at which it took them, as `time.time` does."""
        return [float(line.split(" ")[0]) for line in self._lines()]

    def taken(self) -> list[str]:
        """Give the Message-IDs of the mails it took, in order."""
        return [line.split(" ")[2] for line in self._lines()]

    def sessions(self) -> set[str]:
        """Give the sessions in which it took some."""
        return {line.split(" ")[1] for line in self._lines()}

    def _lines(self) -> list[str]:
        return (self.folder / "taken").read_text().splitlines()

    def commands(self) -> list[str]:
        """Give the commands it was given, without their sessions."""
        lines = (self.folder / "commands").read_text().splitlines()
        return [line.partition(" ")[2] for line in lines]

    def mails(self) -> list[bytes]:
        """Give the mails it kept, in order."""
        paths = sorted((self.folder / "mails").iterdir(), key=lambda path: int(path.stem))
        return [path.read_bytes() for path in paths]


@contextmanager
def sink(folder: Path, **script: object) -> Iterator[Running]:
    """Run a sink; see `Script` for what it can be told."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.faults.sink", str(folder), json.dumps(script)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield Running(int(process.stdout.readline()), folder, process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(Sink(Path(sys.argv[1]), Script(**json.loads(sys.argv[2]))).serve())
