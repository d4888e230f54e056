"""Whatever specs say, files can say it, and say nothing else after a change."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from publisher.models.specs import AudienceSpec, ChannelSpec, EntrySpec, OutletSpec, Plan
from publisher.plan.folder import FORBIDDEN
from publisher.plan.read import read
from publisher.plan.said import said
from publisher.plan.write import changed_files

slugs = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
languages = st.sampled_from(["en", "fr", "no", "zh-Hans", "ar"])
line = st.one_of(
    st.sampled_from(["no", "20:00", "1e3", "null", "~", "{a: b}", "# x", "- x", "a: b", "'", '"']),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff"),
        min_size=1,
        max_size=30,
    ),
).filter(lambda text: text.strip() and not FORBIDDEN.search(text))
paragraphs = (
    st.lists(
        st.one_of(
            line, st.sampled_from(["", ":::", "::: for language=fr", "::::", "---", "```", "#"])
        ),
        min_size=1,
        max_size=5,
    )
    .map("\n".join)
    .filter(str.strip)
)
localised = st.dictionaries(languages, line, min_size=1, max_size=3)
durations = st.sampled_from(["2 days", "90 minutes", "3 weeks", "0 days"])
rules = st.recursive(
    st.one_of(
        st.just({"everyone": True}),
        st.builds(
            lambda value: {"attribute": "role", "is": value},
            st.one_of(
                line, st.integers(0, 9), st.lists(st.one_of(line, st.booleans()), max_size=3)
            ),
        ),
        st.builds(lambda value: {"attribute": "boards", "has": value}, line),
    ),
    lambda inner: st.builds(
        lambda name, parts: {name: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
hears = st.lists(
    st.fixed_dictionaries(
        {"message": slugs, "through": st.lists(slugs, min_size=1, max_size=3)},
        optional={"within": durations, "why": localised},
    ),
    max_size=3,
)
audiences = st.fixed_dictionaries(
    {"name": localised, "kind": st.sampled_from(["primary", "secondary"]), "who": rules},
    optional={
        "description": localised,
        "part_of": slugs,
        "organisations": st.lists(slugs, max_size=2),
        "hears": hears,
    },
)
outlets = st.fixed_dictionaries(
    {
        "organisation": slugs,
        "adapter": slugs,
        "languages": st.lists(languages, min_size=1, max_size=3),
    },
    optional={
        "quiet": st.sampled_from(
            [{"start": "20:00", "end": "07:00:30"}, {"days": ["mon"], "dates": ["2027-01-01"]}]
        ),
        "settings": st.dictionaries(
            slugs, st.one_of(line, st.integers(-(10**9), 10**9), st.booleans()), max_size=3
        ),
    },
)
whens = st.one_of(
    st.just("launch"),
    st.just("launch + 0 days at 9:00"),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(lambda day: f"{day} 10:30"),
    st.fixed_dictionaries({"event": slugs}, optional={"before": durations, "at": st.just("8:00")}),
)
words = st.lists(
    st.fixed_dictionaries(
        {"language": languages, "words": paragraphs},
        optional={"form": slugs, "audience": slugs, "channel": slugs, "organisation": slugs},
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: tuple(sorted((key, one[key]) for key in one if key != "words")),
)
entries = st.fixed_dictionaries(
    {
        "title": localised,
        "when": whens,
        "audiences": st.lists(slugs, min_size=1, max_size=3),
        "messages": st.lists(slugs, min_size=1, max_size=3),
        "words": words,
    },
    optional={
        "summary": localised,
        "zone": st.just("Europe/Zurich"),
        "late_after": durations,
        "pictures": st.lists(
            st.fixed_dictionaries({"file": st.just("pictures/a.png"), "alt": localised}), max_size=2
        ),
    },
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    return Plan(
        audiences={"a": AudienceSpec.model_validate({"slug": "a", **draw(audiences)})},
        channels={"c": ChannelSpec(slug="c", name=draw(localised), description={}, form="page")},
        outlets={
            slug: OutletSpec.model_validate({"slug": slug, "channel": "c", **draw(outlets)})
            for slug in draw(st.lists(slugs, max_size=3, unique=True))
        },
        entries={"e": EntrySpec.model_validate({"slug": "e", **draw(entries)})},
    )


@contextmanager
def files() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def write(folder: Path, old: Plan, new: Plan) -> None:
    for path, content in changed_files(folder, old, new).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],
)
@given(plans(), plans())
def test_files_say_what_specs_say_before_and_after_a_change(first, second):
    """Written anew or changed in place, a file reads back as the very same plan."""
    with files() as folder:
        write(folder, Plan(), first)
        assert said(read(folder)) == said(first)

        write(folder, first, second)
        assert said(read(folder)) == said(second)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],
)
@given(plans())
def test_what_did_not_change_is_not_written(plan):
    """An export of what the files say already touches none of them."""
    with files() as folder:
        write(folder, Plan(), plan)

        assert changed_files(folder, read(folder), plan) == {}
