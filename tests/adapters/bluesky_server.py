"""Try the Bluesky adapter against a server that is really one.

    npm install @atproto/dev-env     # a folder of its own; Node 20
    # start TestNetworkNoAppView of it, with its PDS on port 2583
    python -m tests.adapters.bluesky_server http://127.0.0.1:2583

It makes an account of its own there, so it is never to be pointed at a server of others.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

# ruff: noqa: E402  # Django is set up before its models are imported
from publisher.startup import start

start(database=False)

from publisher.adapters import registry
from publisher.adapters.bluesky.account import POSTS
from publisher.adapters.bluesky.keys import record_key
from publisher.adapters.bluesky.session import Session
from publisher.adapters.shared.http import Http
from publisher.adapters.shared.thread import part_key
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import DeliveryError
from tests.adapters.consignments import PICTURE, PNG, consignment, hand_over, parcels


def main(server: str) -> None:
    """Post a thread, repeat it, ask for it, and try to take its key a second time."""
    credential = _account(server)
    with tempfile.TemporaryDirectory() as folder:
        post = _post(credential, Path(folder))
        (parcel,) = parcels(post)
        started = time.perf_counter()
        (first,) = hand_over(post, [parcel])
        seconds = time.perf_counter() - started
        assert first.verdict is Verdict.ACCEPTED
        assert hand_over(post, [parcel]) == [first]
        asked = asyncio.run(registry.adapter("bluesky").ask(post, parcel))
        assert asked is not None
        assert asked.url == first.url
        session = Session(credential)
        rkey = record_key(part_key(parcel.key, 1), post.published_at)
        kept = session.record(POSTS, rkey)
        assert _refused(session, rkey), "the server took a key twice"
        assert session.record(POSTS, rkey) == kept
    count = len(session.ask("com.atproto.repo.listRecords", _all(session))["records"])
    assert count == 2, count
    print(f"2 posts in {seconds:.2f} s; a repeat changed nothing; a second take of the key refused")
    print(kept)


def _account(server: str) -> dict[str, str]:
    handle, password = f"iso{time.time_ns() % 10**9}.test", "correct horse battery"
    said = {"handle": handle, "email": f"{handle}@example.org", "password": password}
    http = Http(service="The server", base_url=server, private=True)
    http.json("POST", "/xrpc/com.atproto.server.createAccount", said=said)
    return {"identifier": handle, "app_password": password, "base_url": server}


def _post(credential: dict[str, str], folder: Path) -> Consignment:
    words = f"Un plan 👩‍🔬 #trois https://www.example.org/plan @{credential['identifier']} مرحبا"
    made = consignment(
        "post",
        folder,
        adapter="bluesky",
        account="iso",
        credential=credential,
        parts={"1": words},
        pictures=(PICTURE,),
    )
    return replace(made, pictures={PICTURE.sha256: PNG})


def _refused(session: Session, rkey: str) -> bool:
    record = {"$type": POSTS, "text": "Other words", "createdAt": "2027-01-01T00:00:00.000Z"}
    said = {"collection": POSTS, "rkey": rkey, "record": record}
    try:
        session.call("com.atproto.repo.createRecord", said)
    except DeliveryError:
        return True
    return False


def _all(session: Session) -> dict[str, str]:
    return {"repo": session.did, "collection": POSTS}


if __name__ == "__main__":
    main(sys.argv[1])
