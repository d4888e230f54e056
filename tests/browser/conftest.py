"""A real Chromium, and pages to look at."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from playwright.sync_api import Browser, Error, sync_playwright

from publisher.web.public import subscribe
from tests.browser.shown import Site, file_proposal, fill_capture, hold_webinar
from tests.rows import rows


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start it once a module; skip where there is none, but not in CI.

    Not once a session: Playwright's event loop runs in this thread until it is stopped, and
    other tests want one of their own.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django would refuse to touch the database from a thread with an event loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
            )
        except Error as error:
            if os.environ.get("CI") == "true":
                pytest.fail(f"CI must have a Chromium: {error}")
            pytest.skip("there is no Chromium on this machine")
        yield browser
        browser.close()
        # Within its event loop Django has a connection of its own, which nobody else would close.
        connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: requests are not what a test is about."""


@pytest.fixture
def server(transactional_db) -> Iterator[str]:
    """Serve the pages on a free port; give their address."""
    with serving() as address:
        yield address


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages as `server` does, for whoever has opened the database itself."""
    made = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    made.set_app(WSGIHandler())
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    with sessions_ended():
        thread.start()
        try:
            yield f"http://127.0.0.1:{made.server_port}"
        finally:
            made.shutdown()
            made.server_close()
            thread.join()


@contextmanager
def sessions_ended() -> Iterator[None]:
    """End what other threads open in the database meanwhile, which could not be emptied else."""
    opened = set[int]()

    def remember(*, connection: BaseDatabaseWrapper, **_: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            opened.add(connection.connection.info.backend_pid)

    connection_created.connect(remember)
    try:
        yield
    finally:
        connection_created.disconnect(remember)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [[*opened]])


@pytest.fixture
def site(server, chromium) -> Iterator[Site]:
    """The pages, with something of everything on them."""
    subscribe.PER_ADDRESS.forget()
    subscribe.PER_VISITOR.forget()
    made = rows()
    placements = [
        made.placement(f"{organisation}-{channel}")
        for organisation in ("iso", "iec")
        for channel in ("newsletter", "mastodon", "feed", "website")
    ]
    made.circular(url="http://127.0.0.1:8000/circulars/iso/2027/iso-1-2027-en.pdf")
    reader = made.reader(wish="iso/newsletter")
    hold_webinar(made, reader)
    file_proposal(made)
    fill_capture(placements[0], reader)
    with Site.open(server, chromium, made, placements[0], reader) as opened:
        yield opened


@pytest.fixture
def screenshots() -> Path | None:
    """Where to put pictures of the pages, if somebody wants to look at them."""
    wanted = os.environ.get("SCREENSHOTS")
    return Path(wanted) if wanted else None
