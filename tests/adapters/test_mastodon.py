"""Mastodon: what a server is asked through Mastodon.py, and what its answers mean."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.adapters import mastodon, registry
from publisher.adapters.shared import session
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import NeedsConnecting, OutcomeUnknown, TryLater, WillNeverWork
from tests.adapters import networks
from tests.adapters.consignments import PICTURE, consignment, hand_over, parcels
from tests.adapters.service import Answer, Request, Service


@pytest.fixture
def network() -> networks.Mastodon:
    return networks.Mastodon()


@pytest.fixture
def api(service, network: networks.Mastodon, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(mastodon, "TIMEOUT_SECONDS", 20.0)
    return service("mastodon_openapi.prism.json", "https://mastodon.example", network.routes())


@pytest.fixture
def post(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "post",
        tmp_path,
        adapter="mastodon",
        account="iso-mastodon",
        language="fr",
        settings={"visibility": "unlisted"},
        credential={"instance": api.url, "access_token": "token-1", "private": "yes"},
        pictures=(PICTURE,),
    )


def test_a_thread_goes_out_as_replies_with_its_picture_and_the_pictures_words(api, network, post):
    """Words, picture, alternative text, language and visibility reach the server."""
    (outcome,) = hand_over(post, parcels(post))

    first, second = (one["asked"] for one in network.statuses.values())
    assert [first["status"], second["status"]] == [post.content.parts["1"], post.content.parts["2"]]
    assert second["in_reply_to_id"] == "100"
    assert (first["language"], first["visibility"]) == ("fr", "unlisted")
    (upload,) = api.asked("POST /api/v2/media")
    assert b"Three logos side by side" in upload.body
    assert first["media_ids[]"] == "22345792"
    assert outcome.url == "https://m.example/@iso/100"


def test_each_part_carries_a_key_by_which_a_repeat_is_known(api, network, post):
    """The key depends on the placement alone."""
    hand_over(post, parcels(post))

    assert list(network.statuses) == [f"{post.key}.0.1", f"{post.key}.0.2"]


@pytest.mark.parametrize("remembers_keys", [True, False])
def test_a_repeat_posts_nothing_twice(api, network, post, remembers_keys):
    """Keys are kept for an hour, and by some servers not at all: what is there is looked up."""
    network.remembers_keys = remembers_keys
    first = hand_over(post, parcels(post))

    again = hand_over(post, parcels(post))

    assert first == again
    assert len(network.statuses) == 2


def test_a_thread_broken_off_is_taken_up_where_it_stopped(api, network, post):
    """After the wait the second part is posted as a reply to the first."""
    api.answers("POST /api/v1/statuses", network.post, Answer(status=429))
    with pytest.raises(TryLater):
        hand_over(post, parcels(post))

    hand_over(post, parcels(post))

    _, second = network.statuses.values()
    assert (len(network.statuses), second["asked"]["in_reply_to_id"]) == (2, "100")


def test_a_thread_refused_halfway_is_taken_back(api, network, post):
    """Half a thread is worse than none."""
    api.answers("POST /api/v1/statuses", network.post, Answer(status=422))

    with pytest.raises(WillNeverWork):
        hand_over(post, parcels(post))

    assert network.statuses == {}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, NeedsConnecting),
        (403, NeedsConnecting),
        (422, WillNeverWork),
        (429, TryLater),
        (500, OutcomeUnknown),
        (503, TryLater),
    ],
)
def test_an_error_says_what_to_do_next(api, network, post, status, error):
    """Each refusal is named for the next move."""
    api.answers("POST /api/v1/statuses", Answer(status=status, body={"error": "No"}))

    with pytest.raises(error):
        hand_over(post, parcels(post))

    assert network.statuses == {}


def test_the_server_says_when_to_come_back(api, post):
    """The wait is counted from the answer's own date."""
    headers = {"X-RateLimit-Reset": "2027-03-12T12:05:00.000000Z", "X-RateLimit-Remaining": "0"}
    api.answers("POST /api/v1/statuses", Answer(status=429, headers=headers))

    with pytest.raises(TryLater) as caught:
        hand_over(post, parcels(post))

    assert caught.value.after == timedelta(minutes=5)


def test_pictures_still_being_looked_at_are_waited_for(api, post):
    """The server says 422, and means: later."""
    error = {"error": "Cannot attach files that have not finished processing. Try again!"}
    api.answers("POST /api/v1/statuses", Answer(status=422, body=error))

    with pytest.raises(TryLater):
        hand_over(post, parcels(post))


def test_a_server_that_hangs_leaves_it_uncertain_until_it_is_asked(api, network, post, monkeypatch):
    """It had taken the post: asked, it says so."""
    hand_over(post, parcels(post))
    del network.statuses[f"{post.key}.0.2"]
    monkeypatch.setattr(mastodon, "TIMEOUT_SECONDS", 1.0)
    api.hangs("POST /api/v1/statuses")

    with pytest.raises(OutcomeUnknown):
        hand_over(post, parcels(post))
    network.post(_request(post, "2", in_reply_to_id="100"))
    found = asyncio.run(registry.adapter("mastodon").ask(post, parcels(post)[0]))

    assert (found.verdict, found.url) == (Verdict.ACCEPTED, "https://m.example/@iso/100")


def test_what_the_server_would_refuse_halfway_is_refused_before(api, network, post):
    """The server's own limits are read, once."""
    network.configuration = {"statuses": {"max_characters": 30}}

    for _ in range(2):
        with pytest.raises(WillNeverWork, match="30"):
            hand_over(post, parcels(post))

    assert network.statuses == {}
    assert len(api.asked("GET /api/v2/instance")) == 1


def test_a_link_counts_for_23_wherever_it_leads(api):
    """As Mastodon counts; an emoji sequence is one, and of a mention only the name."""
    assert mastodon.length("https://www.example.org/a/long/way/down?to=the&very=end") == 23
    assert mastodon.length("👩‍🔬 @iso@social.example.org") == 6


def test_no_secret_reaches_the_log(api, post, caplog, capsys):
    """At any level."""
    caplog.set_level("DEBUG")

    hand_over(post, parcels(post))

    assert "token-1" not in caplog.text + "".join(capsys.readouterr())


def test_figures_are_read_back(api, post):
    """As the server counts them of a status of ours."""
    counts = {"favourites_count": 4, "reblogs_count": 3, "replies_count": 2}
    api.answers("GET /api/v1/statuses/100", Answer(body={"id": "100", **counts}))

    found = asyncio.run(
        registry.adapter("mastodon").figures(post, parcels(post)[0], "https://m.example/@iso/100")
    )

    assert found == {"likes": 4, "reposts": 3, "replies": 2}


def _request(post: Consignment, part: str, **form: str) -> Request:
    from urllib.parse import urlencode

    return Request(
        method="POST",
        path="/api/v1/statuses",
        host_url="",
        body=urlencode({"status": post.content.parts[part], **form}).encode(),
        content_type="application/x-www-form-urlencoded",
        headers={"Idempotency-Key": f"{post.key}.0.{part}"},
        query={},
    )


def test_a_server_does_not_send_us_on(api, post):
    """A redirect would lead past the look at the account's address, into our own network."""
    for asked in ("GET /api/v1/", "GET /api/v2/", "POST /api/"):
        api.answers(asked, Answer(status=302, headers={"Location": f"{api.url}/inside"}))

    with pytest.raises(TryLater):
        hand_over(post, parcels(post))

    assert not api.asked("GET /inside")


def test_a_server_in_our_own_network_is_told_nothing(api, post):
    """Whatever a name led to when the account was set: the connection itself is looked at."""
    inside = replace(post, credential={**post.credential, "private": ""})

    with pytest.raises(TryLater, match="cannot be reached"):
        hand_over(inside, parcels(inside))

    assert api.requests == []


def test_an_answer_without_end_fills_no_memory(api, post, monkeypatch):
    """It is given up, and nothing is known of what was asked."""
    monkeypatch.setattr(session, "MAX_BYTES", 10_000)
    long = Answer(body=gzip.compress(bytes(1_000_000)), headers={"Content-Encoding": "gzip"})
    api.answers("GET /api/v2/", long)

    with pytest.raises(TryLater):
        hand_over(post, parcels(post))
