"""The embedded PostgreSQL starts anywhere, is shared, and leaves with its last user."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from publisher.kit.postgres import EmbeddedPostgres

USE_AND_DIE = """
import os, sys
from pathlib import Path
from publisher.kit.postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
os.kill(os.getpid(), 9)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["with a space", "it's “quoted”", "long-" + "x" * 120])
def test_it_starts_in_a_folder_of_any_name(tmp_path: Path, name: str):
    """Spaces, quotation marks and paths too long for a socket are no obstacle."""
    server = EmbeddedPostgres(tmp_path / name, durable=False)
    try:
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT 6 * 7").fetchone() == (42,)
        private = (server.data, server.socket, server.log)
        assert {path.stat().st_mode & 0o077 for path in private} == {0}, "others may look in"
    finally:
        server.stop()


@pytest.mark.slow
def test_it_stops_with_its_last_user(tmp_path: Path):
    """Two users share one server; one that was killed does not keep it alive."""
    first, second = (EmbeddedPostgres(tmp_path / "pg", durable=False) for _ in range(2))
    first.start()
    second.start()
    subprocess.run([sys.executable, "-c", USE_AND_DIE, str(tmp_path / "pg")], check=False)

    first.stop()
    with psycopg.connect(second.url("publisher")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.stop()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second.url("publisher"))
