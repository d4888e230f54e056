"""What every adapter promises, whichever service it knows."""

from __future__ import annotations

import asyncio
import os
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from publisher.adapters import mastodon, registry, x
from publisher.adapters.sendgrid import adapter as sendgrid
from publisher.adapters.shared import http
from publisher.models.adapter import EVERY, Consignment, Greeting, Parcel, Verdict
from publisher.models.errors import (
    NeedsConnecting,
    OutcomeUnknown,
    TryLater,
    WillNeverWork,
)
from publisher.models.specs import OutletSpec
from tests.adapters import networks
from tests.adapters.consignments import HOSTILE, PARTS, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service
from tests.adapters.targets import TARGETS

SECRET = "very-secret-value"
FORMS = frozenset(PARTS)
#: forms that are handed over just as a report is, or a page
ALIKE = frozenset({"agenda-item", "intake", "landscape", "presentation", "work-item-form"})
WORDS = {
    "bluesky": ("identifier", "app_password"),
    "facebook": ("access_token",),
    "linkedin": ("access_token",),
    "webhook": ("secret",),
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "mastodon": ("access_token",),
    "sendgrid": ("api_key",),
}


@dataclass
class Case:
    """An adapter with what it needs to work."""

    adapter: str
    settings: dict[str, Any] = field(default_factory=dict)
    #: the routes of its service; None for adapters that write files or speak SMTP
    routes: Callable[[], dict[str, Any]] | None = None
    at: str = "base_url"  #: the credential's field that says where its service is
    publishes: str = ""  #: the request by which something is published
    #: what else its credential holds
    also: dict[str, str] = field(default_factory=dict)

    def consignment(self, folder: Path, url: str = "", **changes: Any) -> Consignment:
        """Make a consignment of the first form it carries."""
        form = _form(self.adapter)
        credential = {word: f"{SECRET}-{word}" for word in WORDS.get(self.adapter, ())}
        said = {
            "adapter": self.adapter,
            "settings": self.settings,
            "account": "an-account" if credential else "",
            "credential": {**credential, **self.also, self.at: url} if credential else {},
        }
        return consignment(form, **{"data": folder, **said, **changes})


def _sendgrid() -> dict[str, Any]:
    return {"POST /v3/mail/send": lambda _: Answer(status=202)}


CASES = {
    case.adapter: case
    for case in (
        Case(
            "bluesky",
            routes=lambda: networks.Bluesky().routes(),
            publishes="POST /xrpc/com.atproto.repo.createRecord",
        ),
        Case("capture"),
        Case("circular", settings={"mail": "capture"}),
        Case("circulation", settings={"mail": "capture"}),
        Case(
            "facebook",
            settings={"page": networks.Facebook.PAGE},
            routes=lambda: networks.Facebook().routes(),
            publishes="POST /v25.0/1021/feed",
        ),
        Case("documents"),
        Case("feed"),
        Case(
            "linkedin",
            settings={"page": "2414183"},
            routes=lambda: networks.LinkedIn().routes(),
            publishes="POST /rest/posts",
        ),
        Case("lists"),
        Case("manual"),
        Case(
            "mastodon",
            routes=lambda: networks.Mastodon().routes(),
            at="instance",
            publishes="POST /api/v1/statuses",
            also={"private": "yes"},
        ),
        Case("sendgrid", routes=_sendgrid, publishes="POST /v3/mail/send"),
        *(Case(name) for name in TARGETS),
        Case("smtp"),
        Case(
            "webhook",
            routes=lambda: {"POST .*": lambda _: Answer(status=204)},
            at="url",
            publishes="POST",
            also={"private": "yes", "secret": f"whsec_{b64encode(SECRET.encode() * 2).decode()}"},
        ),
        Case("webpage"),
        Case("x", routes=lambda: networks.X().routes(), publishes="POST /2/tweets"),
    )
}
FILES = [
    case
    for case in CASES.values()
    if case.routes is None and case.adapter not in {"smtp", *TARGETS}
]
SERVICES = [case for case in CASES.values() if case.routes is not None]

every = pytest.mark.parametrize("name", registry.names())
every_file = pytest.mark.parametrize("case", FILES, ids=lambda case: case.adapter)
every_service = pytest.mark.parametrize("case", SERVICES, ids=lambda case: case.adapter)


class Mailbox:
    """Takes every mail."""

    async def handle_DATA(self, _server, _session, _envelope) -> str:  # noqa: N802
        return "250 Taken"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., Consignment]]:
    """Make a consignment whose service is there: its server on loopback, or a folder."""
    started: list[Any] = []

    def make(case: Case, **changes: Any) -> Consignment:
        if case.adapter == "smtp":
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            server = Controller(Mailbox(), hostname="127.0.0.1", port=port)
            server.start()
            started.append(server.stop)
            settings = {"host": "127.0.0.1", "port": port, "security": "none"}
            return case.consignment(tmp_path, settings=settings, **changes)
        if case.adapter in TARGETS:
            there = TARGETS[case.adapter](tmp_path / "there")
            started.append(lambda: there.__exit__(None, None, None))
            return case.consignment(tmp_path, **there.__enter__().outlet(), **changes)
        if case.routes is None:
            return case.consignment(tmp_path, **changes)
        make.service = Service(None, "", case.routes())
        started.append(make.service.close)
        return case.consignment(tmp_path, make.service.url, **changes)

    yield make
    for stop in started:
        stop()


def test_every_adapter_is_held_to_the_contract():
    """A new adapter is added to the cases of this file."""
    assert set(registry.names()) == set(CASES)


@every
def test_what_it_says_it_can_do_makes_sense(name):
    """Capabilities are read by the plan's check, the hands and the pages."""
    adapter = registry.adapter(name)
    said = adapter.capabilities

    assert adapter.name == name
    assert said.forms
    assert said.forms <= FORMS | ALIKE or said.forms == EVERY
    assert said.window >= 1
    assert said.addressed_to in {"readers", "endpoint"}
    assert said.after_crash in {"repeat", "ask"}
    assert said.reaches_the_world == (name != "capture")


@every
def test_a_setting_it_does_not_know_is_a_sentence(name):
    """A typing slip is never lost."""
    case = CASES[name]
    outlet = _outlet(case, settings={**case.settings, "colour": "blue"})

    assert any("colour" in sentence for sentence in registry.adapter(name).check(outlet, None))


@every
def test_right_settings_are_not_complained_of(name, world):
    """With its account connected there is nothing to say."""
    made = world(CASES[name])

    assert registry.adapter(name).check(made.outlet, made.credential) == []


@every_service
def test_a_missing_account_is_a_sentence_and_stops_nothing_else(case, tmp_path):
    """Before sending it is said; while sending it waits for a person."""
    adapter = registry.adapter(case.adapter)
    made = case.consignment(tmp_path, account="", credential={})

    assert any("account" in sentence for sentence in adapter.check(made.outlet, {}))
    with pytest.raises(NeedsConnecting) as caught:
        hand_over(made, parcels(made))
    assert "publisher accounts set" in str(caught.value)


@every
def test_each_parcel_is_reported_once(name, world):
    """Nothing is lost between windows, and nothing counted twice."""
    made = world(CASES[name])
    windows = _windows(made)
    if name == "manual":
        with pytest.raises(NeedsConnecting, match="publisher confirm"):
            hand_over(made, *windows)
        return

    outcomes = hand_over(made, *windows)

    assert sorted(one.delivery for one in outcomes) == [
        one.delivery for window in windows for one in window
    ]
    assert {one.verdict for one in outcomes} == {Verdict.ACCEPTED}


@every
def test_no_parcels_are_no_trouble(name, world):
    """A placement may have nobody left to write to."""
    made = world(CASES[name])

    assert hand_over(made) == []


@every_file
def test_a_repeat_changes_nothing_on_disk(case, world, tmp_path):
    """After a crash the same is handed over again, and recognised."""
    made = world(case)
    _hand_over(made, *_windows(made))
    before = _on_disk(tmp_path)

    _hand_over(made, *_windows(made))

    assert _on_disk(tmp_path) == before


@every_file
def test_a_folder_that_cannot_be_written_is_waited_for(case, world, tmp_path):
    """A full disk, or one that went away: nothing is taken, and it goes on later."""
    blocked = tmp_path / "a-file"
    blocked.touch()
    made = world(case, data=blocked)

    with pytest.raises(TryLater) as caught:
        hand_over(made, *_windows(made))

    assert caught.value.reported == []


@every_file
def test_no_key_and_no_name_leads_out_of_the_folder(case, world, tmp_path):
    """Whatever a key is, nothing is written beside the data folder."""
    data = tmp_path / "data"
    made = world(case, data=data, key="../../out", entry="../../out", audience="../../out")
    bad = [parcel._replace(key="../../../out") for parcel in parcels(made)]

    outcomes = _hand_over(made, bad)

    assert {one.verdict for one in outcomes} <= {Verdict.REFUSED}
    assert {path.name for path in tmp_path.iterdir()} <= {"data"}


@every
def test_hostile_words_are_carried_or_refused(name, world):
    """They end in an outcome, never in an error of another kind."""
    case = CASES[name]
    form = _form(name)
    hostile = {part: HOSTILE for part in PARTS[form] if part != "link"}
    made = world(case, parts=hostile)
    named = [
        parcel._replace(name=HOSTILE) if parcel.address else parcel for parcel in parcels(made)
    ]

    outcomes = _hand_over(made, named)

    assert {one.verdict for one in outcomes} <= {Verdict.ACCEPTED, Verdict.REFUSED}


@pytest.mark.parametrize("name", ["circular", "sendgrid", "smtp"])
def test_one_address_that_is_none_holds_up_nobody_else(name, world):
    """It is refused alone, and the others get their mail."""
    made = world(CASES[name])
    first, second, third = parcels(made, 3)

    outcomes = hand_over(made, [first, second._replace(address="nobody"), third])

    verdicts = {one.delivery: one.verdict for one in outcomes}
    assert verdicts == {1: Verdict.ACCEPTED, 2: Verdict.REFUSED, 3: Verdict.ACCEPTED}


@every
def test_a_value_nobody_gave_is_never_sent_as_a_gap(name, world):
    """It is refused for good, with its name."""
    form = _form(name)
    part = {
        "newsletter": "text",
        "webinar": "text",
        "workshop": "text",
        "circular": "text",
        "circulation": "text",
        "post": "1",
    }.get(form, "title")
    made = world(CASES[name], parts={part: "Dear \ue000reader.nickname\ue001"})

    assert _refusal(made) == "reader.nickname"


@every_service
def test_a_service_that_is_down_took_nothing(case, world):
    """Nobody listens there: everything stays in the queue."""
    made = world(case)
    away = {**made.credential, case.at: "http://127.0.0.1:9"}

    with pytest.raises(TryLater) as caught:
        hand_over(replace(made, credential=away), *_windows(made))

    assert caught.value.reported == []


@every_service
def test_a_service_that_takes_it_and_hangs_leaves_it_uncertain(case, world, monkeypatch):
    """Never repeated blindly."""
    monkeypatch.setattr(x, "TIMEOUT_SECONDS", (20.0, 1.0))
    monkeypatch.setattr(mastodon, "TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(sendgrid, "TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 1.0)
    made = world(case)
    world.service.hangs(case.publishes)

    with pytest.raises(OutcomeUnknown) as caught:
        hand_over(made, parcels(made))

    assert caught.value.reported == []


@every_service
@pytest.mark.parametrize(
    ("status", "error"), [(401, NeedsConnecting), (429, TryLater), (502, OutcomeUnknown)]
)
def test_a_refusal_is_named_for_the_next_move(case, world, status, error):
    """With a sentence for a person, and without what is secret."""
    made = world(case)
    said = f"No, {SECRET}-api_key of reader1@example.org"
    world.service.answers(
        case.publishes, Answer(status=status, body={"detail": "No", "said": said})
    )

    with pytest.raises(error) as caught:
        hand_over(made, parcels(made))

    assert SECRET not in str(caught.value)
    assert "reader1@" not in str(caught.value)


@every
def test_nothing_secret_and_no_address_is_in_answers_or_logs(name, world, caplog, capsys):
    """At any level of logging."""
    caplog.set_level("DEBUG")
    made = world(CASES[name])

    outcomes = _hand_over(made, *_windows(made))

    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    said = "".join(ours) + "".join(capsys.readouterr()) + "".join(one.answer for one in outcomes)
    assert SECRET not in said
    assert "@example.org" not in said.replace("news@iso.example.org", "")


def _form(adapter: str) -> str:
    forms = registry.adapter(adapter).capabilities.forms
    return "post" if forms == EVERY else sorted(forms & FORMS)[-1]


def _outlet(case: Case, **changes: Any) -> OutletSpec:
    return case.consignment(Path("unused"), **changes).outlet


def _windows(made: Consignment) -> list[list[Parcel]]:
    if len(parcels(made, 2)) == 1:
        return [parcels(made)]
    return [parcels(made, 3), parcels(made, 2, first=4)]


def _hand_over(made: Consignment, *windows: list[Parcel]) -> list[Any]:
    """Hand over; what waits for a person or is refused is no error here."""
    try:
        return hand_over(made, *windows)
    except (NeedsConnecting, WillNeverWork) as error:
        return error.reported


def _refusal(made: Consignment) -> str:
    """Give the missing value's name, from the refusal of one parcel or of all."""
    try:
        (outcome,) = hand_over(made, parcels(made))
        said = outcome.answer if outcome.verdict is Verdict.REFUSED else ""
    except WillNeverWork as error:
        said = str(error)
    return "reader.nickname" if "reader.nickname" in said else said


def _on_disk(folder: Path) -> dict[str, bytes]:
    return {
        os.fspath(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


GREETING = [name for name in CASES if isinstance(registry.adapter(name), Greeting)]


@pytest.mark.parametrize("name", GREETING)
def test_an_account_is_tried_without_publishing(name, world):
    """The service says who we are there, and nothing goes out."""
    case = CASES[name]
    made = world(case)
    greeted = registry.adapter(name).greet(made.outlet, made.credential)

    assert asyncio.run(greeted)
    if case.routes is not None:
        assert not world.service.asked(case.publishes)
