"""X: what it is asked through tweepy, and what its answers mean."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.adapters import registry, x
from publisher.models.adapter import Consignment, Outcome, Verdict
from publisher.models.errors import NeedsConnecting, OutcomeUnknown, TryLater, WillNeverWork
from tests.adapters import networks
from tests.adapters.consignments import PICTURE, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service

CREDENTIAL = {
    "consumer_key": "key",
    "consumer_secret": "secret-1",
    "access_token": "1-token",
    "access_token_secret": "secret-2",
}


@pytest.fixture
def network() -> networks.X:
    return networks.X()


@pytest.fixture
def api(service, network: networks.X, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(x, "TIMEOUT_SECONDS", (20.0, 20.0))
    return service("x_api_v2_openapi.json", "https://api.x.com", network.routes())


@pytest.fixture
def post(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "post",
        tmp_path,
        adapter="x",
        account="iso-x",
        credential={**CREDENTIAL, "base_url": api.url},
        pictures=(PICTURE,),
    )


def ask(made: Consignment) -> Outcome | None:
    return asyncio.run(registry.adapter("x").ask(made, parcels(made)[0]))


def test_a_thread_goes_out_as_replies_with_its_picture_and_the_pictures_words(api, network, post):
    """What was approved is what X gets, alternative text included."""
    (outcome,) = hand_over(post, parcels(post))

    first, second = network.posts
    assert [first["text"], second["text"]] == [post.content.parts["1"], post.content.parts["2"]]
    assert second["reply"]["in_reply_to_tweet_id"] == first["id"]
    assert first["media"]["media_ids"] == ["710511363345354753"]
    (metadata,) = api.asked("POST /2/media/metadata")
    assert metadata.json["metadata"]["alt_text"]["text"] == "Three logos side by side"
    assert outcome.url == f"https://x.com/i/web/status/{first['id']}"


def test_requests_are_signed_for_the_address_they_go_to(api, post):
    """OAuth 1.0a signs the address: a host changed after signing would be refused."""
    hand_over(post, parcels(post))

    signed = api.asked("POST /2/tweets")[0].headers["Authorization"]
    assert signed.startswith("OAuth ")
    assert "secret-1" not in signed


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, WillNeverWork),
        (401, NeedsConnecting),
        (403, NeedsConnecting),
        (429, TryLater),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (503, TryLater),
    ],
)
def test_an_error_says_what_to_do_next(api, network, post, status, error):
    """Each refusal is named for the next move, and nothing is half posted."""
    api.answers("POST /2/tweets", Answer(status=status, body={"title": "No", "detail": "No"}))

    with pytest.raises(error):
        hand_over(post, parcels(post))

    assert network.posts == []


def test_x_says_when_to_come_back(api, post):
    """The wait is counted from the answer's own date."""
    limit = Answer(status=429, body={}, headers={"x-rate-limit-reset": "1804853700"})
    api.answers("POST /2/tweets", limit)

    with pytest.raises(TryLater) as caught:
        hand_over(post, parcels(post))

    assert caught.value.after == timedelta(minutes=15)


def test_a_thread_broken_off_is_taken_back(api, network, post):
    """Half a thread is worse than none: the next attempt starts afresh."""
    api.answers("POST /2/tweets", network.post, Answer(status=429, body={}))

    with pytest.raises(TryLater):
        hand_over(post, parcels(post))

    assert network.posts == []


def test_what_cannot_be_taken_back_is_uncertain_and_says_where(api, network, post):
    """A person then sees which parts are out."""
    api.answers("POST /2/tweets", network.post, Answer(status=429, body={}))
    api.answers("DELETE", Answer(status=429, body={}))

    with pytest.raises(OutcomeUnknown, match=r"1 of 2 parts .*/1000"):
        hand_over(post, parcels(post))


def test_words_x_has_already_are_refused_for_good(api, post):
    """That 403 has nothing to do with the account."""
    detail = "You are not allowed to create a Tweet with duplicate content."
    api.answers("POST /2/tweets", Answer(status=403, body={"title": "Forbidden", "detail": detail}))

    with pytest.raises(WillNeverWork):
        hand_over(post, parcels(post))


def test_a_service_that_hangs_leaves_it_uncertain(api, post, monkeypatch):
    """It may have been posted: it is never repeated blindly."""
    monkeypatch.setattr(x, "TIMEOUT_SECONDS", (20.0, 1.0))
    api.hangs("POST /2/tweets")

    with pytest.raises(OutcomeUnknown) as caught:
        hand_over(post, parcels(post))

    assert caught.value.reported == []


def test_a_hanging_upload_may_be_repeated(api, network, post, monkeypatch):
    """Nothing is published by it."""
    monkeypatch.setattr(x, "TIMEOUT_SECONDS", (20.0, 1.0))
    api.hangs("POST /2/media/upload")

    with pytest.raises(TryLater):
        hand_over(post, parcels(post))

    assert network.posts == []


def test_a_service_that_is_down_took_nothing(api, post, tmp_path):
    """Nobody listens there: it goes out later."""
    away = {**CREDENTIAL, "base_url": "http://127.0.0.1:9"}
    made = consignment("post", tmp_path, adapter="x", account="iso-x", credential=away)

    with pytest.raises(TryLater):
        hand_over(made, parcels(made))


def test_an_answer_that_is_no_answer_is_uncertain(api, post):
    """A proxy's page in place of JSON says nothing about the post."""
    api.answers("POST /2/tweets", Answer(status=201, body=b"<html>hello"))

    with pytest.raises(OutcomeUnknown):
        hand_over(post, parcels(post))


def test_an_uncertain_thread_is_found_in_the_accounts_own_posts(api, network, post):
    """Shortened links and escaped signs do not hide it."""
    hand_over(post, parcels(post))

    found = ask(post)

    assert (found.verdict, found.url) == (Verdict.ACCEPTED, "https://x.com/i/web/status/1000")


def test_an_uncertain_thread_that_is_not_there_waits_for_a_person(api, post):
    """It may still come, and X would take it twice."""
    assert ask(post) is None


def test_half_a_thread_waits_for_a_person(api, network, post):
    """Neither repeated nor called published."""
    hand_over(post, parcels(post))
    del network.posts[1]

    found = ask(post)

    assert (found.verdict, found.answer) == (Verdict.UNCERTAIN, "1 of 2 parts are there")


def test_no_secret_reaches_the_log(api, post, caplog):
    """At any level: tweepy logs whole requests at DEBUG."""
    caplog.set_level("DEBUG")

    hand_over(post, parcels(post))

    assert not any(value in caplog.text for value in CREDENTIAL.values())
    assert "Bearer" not in caplog.text


def test_figures_are_read_back(api, post):
    """As X counts them of a post of ours."""
    metrics = {"impression_count": 90, "like_count": 4, "retweet_count": 3, "reply_count": 2}
    body = {"data": {"id": "1000", "text": "One", "public_metrics": metrics | {"quote_count": 1}}}
    api.answers("GET /2/tweets/1000", Answer(body=body))

    found = asyncio.run(
        registry.adapter("x").figures(post, parcels(post)[0], "https://x.com/i/web/status/1000")
    )

    assert found == {"views": 90, "likes": 4, "reposts": 3, "replies": 2, "quotes": 1}
