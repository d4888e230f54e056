"""The pages as the server runs them."""

import asyncio
import tempfile

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.db.backends.signals import connection_created

from publisher.web import bodies
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


async def _posted(door: bodies.Door, path: str, *pieces: int, at_once: int = 1) -> list[object]:
    """Bring bodies of pieces of so many octets, and say what becomes of each."""
    begun = asyncio.Event()

    async def one() -> bool:
        left = list(pieces)

        async def receive() -> dict[str, object]:
            if not left:
                await begun.wait()
                return {"type": "http.request"}
            return {"type": "http.request", "body": bytes(left.pop(0)), "more_body": True}

        with tempfile.TemporaryFile() as file:
            return await door.take(path, receive, file)

    tasks = [asyncio.create_task(one()) for _ in range(at_once)]
    await asyncio.sleep(0)
    begun.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    ("path", "pieces", "status"),
    [
        ("/subscribe/", [2_000_000], 0),
        ("/subscribe/", [2_000_000, 2_000_000], 413),
        ("/hooks/sendgrid/x", [4_000_000], 413),
        ("/desk/readers/files/", [2_000_000, 2_000_000], 0),
        ("/desk/readers/files/", [40_000_000, 40_000_000], 413),
    ],
)
def test_a_body_is_as_large_as_the_page_takes(path, pieces, status):
    """More is not kept: nobody fills the disk by way of a form."""
    [said] = asyncio.run(_posted(bodies.Door(), path, *pieces))

    assert getattr(said, "status", 0) == status


def test_large_bodies_come_a_few_at_a_time():
    """And the ones that came make room for others."""
    door = bodies.Door()

    said = asyncio.run(_posted(door, "/desk/x", 4_000_000, at_once=bodies.AT_ONCE + 2))

    assert [getattr(one, "status", one) for one in said] == [True] * bodies.AT_ONCE + [503] * 2
    assert asyncio.run(_posted(door, "/desk/x", 4_000_000)) == [True]


def test_a_body_that_never_comes_is_not_waited_for(monkeypatch):
    """Who brings a letter now and then keeps the door from nobody."""
    monkeypatch.setattr(bodies, "SECONDS", 0.0)

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    with pytest.raises(bodies.NotTaken) as caught, tempfile.TemporaryFile() as file:
        asyncio.run(bodies.Door().take("/subscribe/", never, file))

    assert caught.value.status == 408


@pytest.mark.django_db(transaction=True)
def test_too_much_is_answered_before_anything_looks_at_it():
    """The server says so, and goes on."""

    async def post() -> int:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post("/subscribe/", content=bytes(bodies.SMALL + 1))
        await sync_to_async(connections.close_all)()
        return answer.status_code

    assert asyncio.run(post()) == 413
