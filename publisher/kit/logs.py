"""Logs: a line for each unit of work, constant words and fields; no address and no secret."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

#: fields that are never shown, whatever they hold
SECRET_FIELDS = frozenset(
    {"address", "authorization", "body", "credential", "password", "recipient", "secret", "token"}
)
#: Whatever looks like an addr-spec, quoted local parts included (RFC 5322 §3.4.1). It is looked
#: for where a word begins, and never from the middle: a server may answer with one endless word.
ADDRESS = re.compile(
    r"(\"[^\"\r\n]+\"|(?<![^\s<>\"'(),:;@\[\]])[^\s<>\"'(),:;@\[\]]++)@[^\s<>\"'(),:;@\[\]]+"
)
#: what opens something to whoever has it: see `kit.signing`, and Django's links for new passwords
TOKEN = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-z]{0,20}-){1,3}[0-9a-f]{32}(?![0-9a-z])"
    # what programs come in with, and the addresses of calendars: 32 octets in base64
    r"|(?:publisher_[a-z2-7]{6}_|(?<=/feed/))[0-9a-z_-]{43}",
    re.IGNORECASE,
)
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class Line(logging.Formatter):
    """`2026-03-12T09:00:00 INFO publisher.flows.hand_over delivery placement=… seconds=0.41`."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", "%Y-%m-%dT%H:%M:%S", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """Add the record's own fields to its line."""
        fields = {key: value for key, value in vars(record).items() if key not in _OWN_FIELDS}
        said = " ".join(f"{key}={_shown(key, value)}" for key, value in fields.items())
        return f"{super().formatMessage(record)} {said}".rstrip()

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, and below it the traceback if there is one, without addresses."""
        return without_addresses(super().format(record))


def without_addresses(text: str) -> str:
    """Replace whatever looks like an e-mail address, or a token in a link."""
    return TOKEN.sub("<token>", ADDRESS.sub("<address>", text))


def configure(level: str) -> None:
    """Send logs to standard error, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("apscheduler", "procrastinate", "httpx", "asyncio", "fontTools"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


def _shown(key: str, value: Any) -> str:  # noqa: ANN401  # a log field may be anything
    if key.lower() in SECRET_FIELDS:
        return "<hidden>"
    text = str(value)
    return f'"{text}"' if " " in text else text
