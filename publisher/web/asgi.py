"""Publisher as an ASGI application, for uvicorn or any other server."""

from __future__ import annotations

from publisher.startup import start

start()

from django.core.asgi import get_asgi_application  # noqa: E402  # needs what start() made true
from django.db import connections  # noqa: E402

# Django answers each request in a thread of its own, so connections kept by thread would pile
# up: https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-connections
_database = connections.settings["default"]
_database["CONN_MAX_AGE"] = 0
_database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}

application = get_asgi_application()
