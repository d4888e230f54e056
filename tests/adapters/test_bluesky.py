"""Bluesky: each call is held against the network's lexicons."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.adapters.bluesky.account import MAX_PICTURE_BYTES
from publisher.adapters.bluesky.facets import facets
from publisher.adapters.bluesky.keys import record_key
from publisher.adapters.shared import http
from publisher.models.adapter import Consignment, Measured, Verdict
from publisher.models.errors import NeedsConnecting, OutcomeUnknown, TryLater, WillNeverWork
from tests.adapters import networks
from tests.adapters.consignments import NOON, PICTURE, consignment, hand_over, parcels
from tests.adapters.lexicons import Lexicons
from tests.adapters.service import Answer, Service

CREATE = "POST /xrpc/com.atproto.repo.createRecord"


@pytest.fixture
def network(shared_data: Path):
    network = networks.Bluesky(Lexicons(shared_data / "api" / "bluesky_lexicons.tar.xz"))
    yield network
    assert network.complaints == []


@pytest.fixture
def api(network: networks.Bluesky):
    service = Service(None, "", network.routes())
    yield service
    service.close()


@pytest.fixture
def post(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "post",
        tmp_path,
        adapter="bluesky",
        account="iso-bluesky",
        language="fr",
        parts={
            "1": "Un plan 👩‍🔬 pour #trois: https://www.example.org/plan. Avec @iec.test",
            "title": "One plan",
            "summary": "What changed",
        },
        credential={"identifier": "iso.test", "app_password": "pass-word", "base_url": api.url},
    )


def test_a_thread_goes_out_as_replies_with_a_card_of_the_page_it_leads_to(network, post):
    """Words, language, card and the moment of the placement reach the server."""
    (outcome,) = hand_over(post, parcels(post))

    (first_key, first), (_, second) = network.records.items()
    root = {"uri": f"at://did:plc:iso/app.bsky.feed.post/{first_key}", "cid": f"cid-{first_key}"}
    assert [first["text"], second["text"]] == [post.content.parts["1"], post.content.parts["2"]]
    assert second["reply"] == {"root": root, "parent": root}
    assert first["langs"] == ["fr"]
    assert first["createdAt"] == "2027-03-12T12:00:00.000Z"
    assert first["embed"]["external"] == {
        "uri": "https://www.example.org/plan",
        "title": "One plan",
        "description": "What changed",
    }
    assert "embed" not in second
    assert outcome.url == f"https://bsky.app/profile/did:plc:iso/post/{first_key}"


def test_links_tags_and_mentions_have_their_places_in_bytes(network, post):
    """An emoji before them counts as the bytes it has; the dot is no part of the link."""
    hand_over(post, parcels(post))

    first = next(iter(network.records.values()))
    raw = first["text"].encode()
    said = [
        (raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"][0])
        for one in first["facets"]
    ]
    kinds = "app.bsky.richtext.facet#"
    assert said == [
        ("#trois", {"$type": f"{kinds}tag", "tag": "trois"}),
        (
            "https://www.example.org/plan",
            {"$type": f"{kinds}link", "uri": "https://www.example.org/plan"},
        ),
        ("@iec.test", {"$type": f"{kinds}mention", "did": "did:plc:iec"}),
    ]


def test_facets_are_those_of_the_networks_own_library(shared_data):
    """Its vectors hold, but for words it takes for a host's name without http:// before them."""
    vectors = json.loads((shared_data / "social/bluesky/richtext_vectors.json").read_text())
    for case in vectors["tags"]:
        found = [one for one in facets(case["text"], lambda _: None) if "tag" in _feature(one)]
        assert [_feature(one)["tag"] for one in found] == case["tags"], case["text"]
        assert [one["index"] for one in found] == case["indices"], case["text"]
    compared = 0
    for case in vectors["links_and_mentions"]:
        want = [(part[0], part[1]) for part in case["segments"] if len(part) > 1]
        if any(not shown.startswith(("@", "http")) for shown, _ in want):
            continue
        compared += 1
        raw = case["text"].encode()
        found = facets(case["text"], lambda handle: f"did:fake:{handle}")
        got = [
            (
                raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(),
                _feature(one).get("uri") or _feature(one).get("did"),
            )
            for one in found
            if "tag" not in _feature(one)
        ]
        assert got == want, case["text"]
    assert compared >= 20


def test_pictures_go_with_their_words(api, network, post):
    """In place of the card."""
    content = replace(post.content, pictures=(PICTURE,))
    made = replace(post, content=content, pictures={PICTURE.sha256: b"png"})

    hand_over(made, parcels(made))

    (upload,) = api.asked("POST /xrpc/com.atproto.repo.uploadBlob")
    first = next(iter(network.records.values()))
    assert (upload.body, upload.content_type) == (b"png", "image/png")
    assert first["embed"]["images"][0]["alt"] == "Three logos side by side"


def test_a_repeat_meets_itself(api, network, post):
    """The server refuses a second record under one key, and what is there is read back."""
    first = hand_over(post, parcels(post))
    again = hand_over(post, parcels(post))
    assert (again, len(network.records), network.signed_in) == (first, 2, 1)

    kept = dict(network.records)
    api.answers("GET /xrpc/com.atproto.repo.getRecord", _not_there())
    assert hand_over(post, parcels(post)) == first  # two at once: it came between the two requests
    assert network.records == kept


def test_a_thread_broken_off_is_taken_up_where_it_stopped(api, network, post):
    """The second part becomes a reply to the first."""
    api.answers(CREATE, network.create, Answer(status=429, headers={"Retry-After": "60"}))
    with pytest.raises(TryLater) as caught:
        hand_over(post, parcels(post))
    assert caught.value.after == timedelta(minutes=1)

    hand_over(post, parcels(post))

    _, second = network.records.values()
    assert second["reply"]["root"]["uri"].endswith(next(iter(network.records)))


def test_silence_is_uncertain_until_the_records_are_read_back(api, network, post, monkeypatch):
    """What is there is accepted; what is not may be tried again."""
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.5)
    api.hangs(CREATE)
    with pytest.raises(OutcomeUnknown):
        hand_over(post, parcels(post))
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 20.0)
    assert _asked(post).verdict is Verdict.LATER

    hand_over(post, parcels(post))

    assert _asked(post).verdict is Verdict.ACCEPTED


def test_other_words_under_the_same_key_are_never_taken_for_these(network, post):
    """A person looks at it."""
    hand_over(post, parcels(post))
    next(iter(network.records.values()))["text"] = "Something else"

    with pytest.raises(WillNeverWork, match="other words"):
        hand_over(post, parcels(post))


def test_a_session_is_refreshed_and_one_that_ended_says_who_must_act(api, network, post):
    """Hours pass between two posts; an app password that was taken back needs a person."""
    expired = Answer(status=400, body={"error": "ExpiredToken", "message": "Token has expired"})
    api.answers("GET /xrpc/com.atproto.repo.getRecord", expired)
    hand_over(post, parcels(post))
    assert len(api.asked("POST /xrpc/com.atproto.server.refreshSession")) == 1

    api.answers("POST /xrpc/com.atproto.server.createSession", Answer(status=401))
    other = replace(post, credential={**post.credential, "app_password": "old"})
    with pytest.raises(NeedsConnecting):
        hand_over(other, parcels(other))


@pytest.mark.parametrize(
    ("parts", "words"),
    [({"1": "é" * 301}, "300"), ({"1": "👩‍👩‍👧‍👦" * 200}, "3,000 bytes")],
    ids=["graphemes", "bytes"],
)
def test_what_is_too_long_in_either_measure_is_refused_before(api, post, parts, words):
    """Nothing is posted."""
    made = replace(post, content=replace(post.content, parts={**post.content.parts, **parts}))
    made = replace(made, fill=lambda _: made.content.parts)

    with pytest.raises(WillNeverWork, match=words):
        hand_over(made, parcels(made))
    assert api.asked(CREATE) == []


def test_a_picture_too_large_is_refused_with_its_size(post):
    """The server would refuse the post after the upload."""
    content = replace(post.content, pictures=(PICTURE,))
    large = {PICTURE.sha256: bytes(MAX_PICTURE_BYTES + 1)}

    with pytest.raises(WillNeverWork, match="2,000,001"):
        hand_over(replace(post, content=content, pictures=large), parcels(post))


def test_figures_are_read_back(post):
    """Of the thread's first post."""
    hand_over(post, parcels(post))
    adapter = registry.adapter("bluesky")
    assert isinstance(adapter, Measured)

    found = asyncio.run(adapter.figures(post, parcels(post)[0], ""))

    assert found == {"likes": 4, "reposts": 3, "replies": 2, "quotes": 1}


def test_record_keys_are_as_the_specification_wants_them(shared_data):
    """Valid, ordered within a thread, and different for another thread of the same second."""
    keys = [record_key(f"{name}.{part}", NOON) for name in ("a.0", "b.0") for part in (1, 2, 3)]
    valid = (shared_data / "social/bluesky/tid_syntax_valid.txt").read_text().split()

    assert keys[:3] == sorted(keys[:3])
    assert len(set(keys)) == 6
    assert {len(one) for one in keys} == {len(valid[-1])}
    assert set("".join(keys)) <= set("234567abcdefghijklmnopqrstuvwxyz")


def _asked(post: Consignment):
    return asyncio.run(registry.adapter("bluesky").ask(post, parcels(post)[0]))


def _not_there() -> Answer:
    return Answer(status=400, body={"error": "RecordNotFound", "message": "Could not locate"})


def _feature(facet):
    return facet["features"][0]
