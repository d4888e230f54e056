"""The pages as the server runs them."""

import asyncio

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.db.backends.signals import connection_created

from publisher.web.asgi import application


async def _asked(times: int) -> list[httpx.Response]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answers = await asyncio.gather(*(client.get("/healthz") for _ in range(times)))
    await sync_to_async(connections.close_all)()
    return list(answers)


@pytest.mark.django_db(transaction=True)
def test_many_visitors_at_once_share_one_connection():
    """However many ask, one thread answers, with one connection to the database."""
    made = []

    def note(**said):
        made.append(said["connection"])

    connection_created.connect(note)
    try:
        answers = asyncio.run(_asked(20))
    finally:
        connection_created.disconnect(note)

    assert {answer.status_code for answer in answers} == {200}
    assert len(made) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_but_http_is_answered():
    """A web socket finds nobody here."""
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(application({"type": "websocket"}, None, None))
