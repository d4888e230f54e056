"""What SpamAssassin thinks of a mail, where it is installed; it asks nobody on the network."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

MAX_SECONDS = 30
_STATUS = re.compile(
    rb"^X-Spam-Status: \w+, score=(-?[\d.]+) required=([\d.]+) tests=([A-Z0-9_,\s]*)", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a mail was judged."""

    score: float
    limit: float  #: from which on it counts as spam
    rules: tuple[str, ...]  #: those that were met


def has_spam_filter() -> bool:
    """Whether this machine has SpamAssassin."""
    return shutil.which("spamassassin") is not None


def judged(mail: bytes) -> Verdict | None:
    """Show a mail to SpamAssassin's own rules; None: it is not there, or did not answer."""
    program = shutil.which("spamassassin")
    if program is None:
        return None
    try:
        ran = subprocess.run(
            [program, "--local"],
            input=mail,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return read(ran.stdout)


def read(answer: bytes) -> Verdict | None:
    """Read the header that SpamAssassin adds.

    Source: https://spamassassin.apache.org/full/4.0.x/doc/Mail_SpamAssassin_Conf.html, report
    and header options
    """
    found = _STATUS.search(answer)
    if found is None:
        return None
    rules = tuple(name for name in re.split(r"[,\s]+", found[3].decode()) if name)
    known = tuple(name for name in rules if name not in {"none", "NONE"} and name.isupper())
    return Verdict(score=float(found[1]), limit=float(found[2]), rules=known)
