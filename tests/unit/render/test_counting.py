"""How long a post is, in its network's own unit."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from publisher.render import limits
from publisher.render.counting import fits, length
from publisher.render.limits import networks

CASES = json.loads(
    (Path(__file__).parents[2] / "data/twitter_text/weighted_length.json").read_text()
)
X, MASTODON, BLUESKY, LINKEDIN = (
    networks()[name] for name in ("x", "mastodon", "bluesky", "linkedin")
)
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("group", "case"),
    [
        pytest.param(group, case, id=f"{group}-{at}")
        for group, cases in CASES.items()
        for at, case in enumerate(cases)
    ],
)
def test_x_counts_as_twitter_text_does(group, case):
    """Its conformance file, case by case; the first group is of the rules before emoji."""
    limits = replace(X, emoji=group != "WeightedTweetsCounterTest")

    assert length(case["text"], limits) == case["weightedLength"]
    assert fits(case["text"], limits) == case["valid"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", 5),
        (f"a {FAMILY}", 3),
        ("e\u0301", 1),
        ("see https://example.org/a/very/long/path/that/goes/on/and/on/for/ever", 4 + 23),
        ("example.org is no link here", 27),
        ("@anna@example.social hello", 5 + 6),
        ("mail anna@example.org", 21),
        ("مرحبا", 5),
    ],
)
def test_mastodon_counts_graphemes_links_and_mentions(text, expected):
    """A link counts 23 whatever its length, and of a mention only the name."""
    assert length(text, MASTODON) == expected


def test_bluesky_counts_graphemes_and_has_a_limit_of_bytes():
    """Three hundred families are 300 letters, and too many bytes."""
    assert length(FAMILY * 120, BLUESKY) == 120
    assert fits("x" * 300, BLUESKY)
    assert not fits("x" * 301, BLUESKY)
    assert not fits(FAMILY * 150, BLUESKY)


def test_linkedin_counts_as_javascript_does():
    """Beyond the first plane, a letter counts two."""
    assert length("a🙂", LINKEDIN) == 3


def test_every_figure_says_where_it_comes_from_and_when_it_was_read():
    """A limit that changed can be looked up again."""
    file = Path(limits.__file__).with_name("limits.toml")
    figures = {"max", "bytes", "url", "pictures", "alt"}

    for network, table in tomllib.loads(file.read_text()).items():
        for name in figures & table.keys():
            figure = table[name]
            assert figure["source"].startswith("https://"), f"{network}.{name}"
            assert isinstance(figure["read"], date), f"{network}.{name}"
            assert isinstance(figure["value"], int), f"{network}.{name}"
