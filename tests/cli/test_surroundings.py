"""Whatever Publisher is started in: one sentence, exit status 2, and no traceback."""

import os
import re
import socket
import subprocess
import sys

import pytest

from tests.plans import smallest_plan


def said(*words: str, **environment: object) -> tuple[int, str]:
    """Give a command's exit status and what it wrote to standard error."""
    left = ("PUBLISHER_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    done = subprocess.run(
        [sys.executable, "-m", "publisher", *words],
        env={**kept, **{name: str(value) for name, value in environment.items()}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        (
            "PUBLISHER_LOG_LEVEL",
            "loud",
            ("PUBLISHER_LOG_LEVEL is “LOUD”; write one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ),
        (
            "PUBLISHER_SHOW_CAPTURE",
            "perhaps",
            ("PUBLISHER_SHOW_CAPTURE is “perhaps”; write true or false"),
        ),
        (
            "PUBLISHER_SITE_URL",
            "news.example.org",
            (
                "PUBLISHER_SITE_URL is “news.example.org”; "
                "write an address that begins with https:// or http://"
            ),
        ),
        (
            "DATABASE_URL",
            "mysql://jo:secret@host/x",
            ("DATABASE_URL cannot be used; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
        ),
        (
            "DATABASE_URL",
            "postgresql://jo:secret@[::1/x",
            (
                "DATABASE_URL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
                "with only libpq's own words behind a “?”"
            ),
        ),
    ],
)
def test_a_wrong_setting_is_named_and_no_password_shown(setting, value, expected):
    """The same sentence from every command."""
    assert said("status", **{setting: value}) == (2, expected)


def test_an_empty_setting_is_none(tmp_path):
    """What a service manager passes empty counts as not given."""
    status, told = said("check", PUBLISHER_PLAN=smallest_plan(tmp_path), PUBLISHER_LOG_LEVEL="")

    assert (status, told) == (0, "")


@pytest.mark.parametrize("command", ["status", "run", "doctor"])
def test_a_data_folder_that_cannot_be_is_named(tmp_path, command):
    """A file stands where the folder should be."""
    file = tmp_path / "file"
    file.touch()

    assert said(command, PUBLISHER_DATA=file) == (
        2,
        (
            f"{file}/postgres: Not a directory; what Publisher keeps is in {file}, which "
            "PUBLISHER_DATA names"
        ),
    )


def test_a_database_that_is_not_there_is_a_sentence(tmp_path):
    """Nothing listens at the address."""
    url = "postgresql://jo:secret@127.0.0.1:1/x"

    status, told = said("status", PUBLISHER_DATA=tmp_path, DATABASE_URL=url)

    assert status == 2
    assert re.fullmatch(r"The database does not answer: .*Connection refused", told)


def test_a_port_in_use_ends_the_run_at_once(tmp_path):
    """Nobody is sent to the pages of another program."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        url = "postgresql://jo:secret@127.0.0.1:1/x"

        status, told = said(
            "run", PUBLISHER_DATA=tmp_path, PUBLISHER_LISTEN=listen, DATABASE_URL=url
        )

    assert status == 2
    assert told == (
        f"Nothing can listen on {listen} (Address already in use); stop what uses it, or choose "
        "another address with PUBLISHER_LISTEN"
    )
