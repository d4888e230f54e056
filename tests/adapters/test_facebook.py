"""Facebook: each form is held against the names that Graph's own description has."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import NeedsConnecting, OutcomeUnknown, TryLater, WillNeverWork
from tests.adapters import networks
from tests.adapters.consignments import PICTURE, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service

FEED = "POST /v25.0/1021/feed"


@pytest.fixture
def network(shared_data: Path):
    network = networks.Facebook()
    yield network
    known = {
        **_parameters(shared_data / "api/facebook/Page.json"),
        **_parameters(shared_data / "api/facebook/PagePost.json"),
    }
    for edge, names in network.forms.items():
        assert {name.partition("[")[0] for name in names} <= known[edge]


@pytest.fixture
def api(network: networks.Facebook):
    service = Service(None, "", network.routes())
    yield service
    service.close()


@pytest.fixture
def post(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "post",
        tmp_path,
        adapter="facebook",
        account="iso-facebook",
        settings={"page": networks.Facebook.PAGE},
        credential={"access_token": "token-1", "base_url": api.url},
    )


def test_a_post_shows_the_page_it_leads_to_and_goes_on_in_comments(api, network, post):
    """The token is in a header, where no log of addresses has it."""
    (outcome,) = hand_over(post, parcels(post))

    (request,) = api.asked(FEED)
    assert network.posts == {
        "1021_500": {"message": post.content.parts["1"], "link": "https://www.example.org/plan"}
    }
    assert [one["message"] for one in network.comments] == [post.content.parts["2"]]
    assert request.headers["Authorization"] == "Bearer token-1"
    assert "access_token" not in request.query
    assert outcome.url == "https://www.facebook.com/1021_500"


def test_pictures_go_with_their_words(network, post):
    """They are shown nowhere until the post names them."""
    content = replace(post.content, pictures=(PICTURE,))
    made = replace(post, content=content, pictures={PICTURE.sha256: b"png-bytes"})

    hand_over(made, parcels(made))

    (photo,) = network.photos
    assert b"png-bytes" in photo
    assert b"Three logos side by side" in photo
    assert b'name="published"\r\n\r\nfalse' in photo
    (shown,) = network.posts.values()
    assert json.loads(shown["attached_media[0]"]) == {"media_fbid": "77"}
    assert "link" not in shown


@pytest.mark.parametrize(
    ("code", "error"),
    [(190, NeedsConnecting), (200, NeedsConnecting), (32, TryLater), (506, WillNeverWork)],
)
def test_graphs_own_codes_say_what_to_do_next(api, post, code, error):
    """It answers 400 to most that goes wrong."""
    said = {"error": {"message": "No", "type": "OAuthException", "code": code}}
    api.answers(FEED, Answer(status=400, body=said))

    with pytest.raises(error):
        hand_over(post, parcels(post))


def test_silence_is_uncertain_until_the_page_is_read_back(api, network, post):
    """There is no key: what is there is accepted, and what is not is left to a person."""
    api.answers(FEED, Answer(status=500))
    with pytest.raises(OutcomeUnknown):
        hand_over(post, parcels(post))
    assert _asked(post) is None

    hand_over(post, parcels(post))
    assert _asked(post).verdict is Verdict.ACCEPTED

    network.comments.clear()
    assert _asked(post).verdict is Verdict.UNCERTAIN


def test_figures_are_read_back(post):
    """What Graph counts of a post."""
    hand_over(post, parcels(post))

    found = asyncio.run(
        registry.adapter("facebook").figures(post, parcels(post)[0], "https://f/1021_500")
    )

    assert found == {"likes": 4, "replies": 4, "reposts": 3}


def _asked(post: Consignment):
    return asyncio.run(registry.adapter("facebook").ask(post, parcels(post)[0]))


def _parameters(path: Path) -> dict[str, set[str]]:
    return {
        one["endpoint"]: {parameter["name"] for parameter in one["params"]}
        for one in json.loads(path.read_text("utf-8"))["apis"]
        if one["method"] == "POST" and "endpoint" in one
    }
