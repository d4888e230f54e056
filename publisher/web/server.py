"""The pages' server."""

from __future__ import annotations

from wsgiref.util import setup_testing_defaults

import uvicorn
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from publisher.kit.listening import listening
from publisher.settings import settings


def run() -> None:
    """Serve on `PUBLISHER_LISTEN` until told to stop.

    Raises:
        WrongSetting: that is not an address and a port, or nobody can listen there.
    """
    config = uvicorn.Config(
        "publisher.web.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold readers' tokens
        server_header=False,
        limit_concurrency=800,  # each is an open file, and a process has a thousand or so
        timeout_graceful_shutdown=5,
    )
    with listening(settings().listen) as door:
        uvicorn.Server(config).run(sockets=[door])


def rehearse() -> None:
    """Make the front page and let it go.

    What every page needs is then loaded before processes part, and shared by them; and the first
    who asks need not wait for it.
    """
    environment: dict[str, object] = {}
    setup_testing_defaults(environment)
    WSGIHandler().get_response(WSGIRequest(environment)).close()
