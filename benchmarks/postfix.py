"""Postfix's own source and sink of mails, run as programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager

from benchmarks.figures import Figures

CONNECTIONS = 10  #: of the source, and of ours beside it
PROGRAMS = {
    name: shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("smtp-source", "smtp-sink")
}


def smtp_source(port, count, size):
    command = [
        PROGRAMS["smtp-source"], "-d", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(size),
        "-f", "news@iso.example.org", "-t", "reader@example.org", f"127.0.0.1:{port}",
    ]  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    seconds, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return Figures(seconds=seconds, mails=count, own_cpu=cpu)


@contextmanager
def smtp_sink():
    """Run postfix's sink on a free port."""
    port = free_port()
    account = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([PROGRAMS["smtp-sink"], *account, f"127.0.0.1:{port}", "1000"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port():
    """Give a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
