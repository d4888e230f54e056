"""What programs write: once, from what they saw, and with what was wrong said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publisher.flows.kept_answers import forget_old
from publisher.kit import clock
from publisher.models import Entry, KeptAnswer, RoleName
from tests.api.programs import API, program_of
from tests.desk.people import person
from tests.desk.test_entry_pictures import png
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
SAID = {
    "title": "A statement",
    "at": "2027-03-12T09:00",
    "audiences": ["members"],
    "messages": ["together"],
    "speaks_for": ["iso"],
}


@pytest.fixture
def program(monkeypatch):
    """A program of ISO's editor, days before the one entry of the plan is due."""
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=9))
    store(joint_plan(entry("hello", speaks_for=["iso"])))
    return program_of(person("ana", RoleName.EDITOR))


def begun(program, said=None, **headers):
    return program.post(
        f"{API}/calendar/entries", said or SAID, content_type="application/json", headers=headers
    )


def test_what_is_sent_twice_with_one_key_is_done_once(program):
    """The second time it is answered the same; as another request the key stands for nothing."""
    key = {"idempotency-key": '"8e03978e-40d5"'}
    first, again = begun(program, **key), begun(program, **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == {"entry": "a-statement"}
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Entry.objects.count() == 2
    assert (
        begun(program, {**SAID, "title": "Another"}, **key)
        .json()["type"]
        .endswith("#other-request")
    )
    assert "a-statement" not in str(KeptAnswer.objects.values())


def test_a_key_whose_request_has_no_answer_yet_is_held_off(program):
    """Nobody knows what became of it, so nothing is done again; a day later it is forgotten."""
    key = {"idempotency-key": "k"}
    begun(program, **key)
    KeptAnswer.objects.update(status=None)

    answer = begun(program, **key)

    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (409, "under-way")
    assert forget_old(now=clock.now() + timedelta(hours=23)) == 0
    assert forget_old(now=clock.now() + timedelta(hours=24)) == 1


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(program):
    """Nothing was done, so nothing is kept."""
    key = {"idempotency-key": "k"}

    assert begun(program, {**SAID, "audiences": ["nobody"]}, **key).status_code == 422
    assert KeptAnswer.objects.count() == 0
    assert begun(program, **key).status_code == 201


def test_an_entry_is_changed_from_what_was_seen(program):
    """Whoever saw an older state is told so, and nothing is lost."""
    where, sent = f"{API}/entries/hello", {"content_type": "application/json"}
    read = program.get(where)
    says = {**read.json()["says"], "link": "https://example.org/1"}

    blind = program.put(where, {"says": says}, **sent)
    first = program.put(where, {"says": says}, headers={"if-match": read["ETag"]}, **sent)
    late = program.put(where, {"says": says}, headers={"if-match": read["ETag"]}, **sent)
    there = program.put(where, {"says": says}, headers={"if-none-match": "*"}, **sent)

    assert [one.status_code for one in (blind, first, late, there)] == [428, 200, 412, 412]
    assert program.get(where)["ETag"] == first["ETag"] != read["ETag"]
    versions = program.get(f"{where}/versions").json()["items"]
    assert versions[0]["changes"] == [{"field": "link", "old": "", "new": "https://example.org/1"}]


def test_what_cannot_be_meant_is_said_with_its_place(program):
    """As the desk says it beside the field."""
    says = {"title": {"en": "T"}, "when": "tomorrow", "audiences": ["members"],
            "messages": ["togther"], "words": [{"language": "en", "words": "W."}]}  # fmt: skip

    answer = program.put(
        f"{API}/entries/new-one",
        {"says": says},
        content_type="application/json",
        headers={"if-none-match": "*"},
    )

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == ["when"]
    assert answer.json()["problems"][0]["path"] == "calendar/new-one.md"


def test_an_entry_is_taken_out_and_its_move_said_before_it_is_done(program):
    """The calendar follows."""
    [occurrence] = program.get(
        f"{API}/calendar?start=2027-03-01T00:00:00Z&end=2027-04-01T00:00:00Z"
    ).json()["occurrences"]
    where = f"{API}/entries/hello/occurrences/{occurrence['occurrence']}/move"
    said = program.get(f"{where}?to=2027-03-19T09:00")
    moved = program.post(
        where,
        {"to": "2027-03-19T09:00"},
        content_type="application/json",
        headers={"if-match": said["ETag"]},
    )

    assert (said.json()["possible"], moved.json()) == (True, {"entry": "hello"})
    assert program.get(f"{API}/entries/hello").json()["says"]["when"]["at"][:10] == "2027-03-19"
    gone = program.delete(f"{API}/entries/hello", headers={"if-match": "*"})
    assert gone.status_code == 204
    assert program.get(f"{API}/entries/hello").status_code == 404


def test_a_file_is_taken_once_whatever_its_boundary(program):
    """Two uploads of the same picture with one key are one."""
    picture = SimpleUploadedFile("a.png", png(), "image/png")
    key = {"idempotency-key": "k"}

    first = program.post(f"{API}/pictures", {"picture": picture}, headers=key)
    picture.seek(0)
    again = program.post(f"{API}/pictures", {"picture": picture}, headers=key)

    assert (first.status_code, first.json()["file"]) == (201, "pictures/a.png")
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")


def test_a_hook_is_all_that_the_desk_makes_of_it(monkeypatch):
    """Added, changed, tried, told again, switched, given a new secret and forgotten."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    store(joint_plan(entry("hello", speaks_for=["iso"])))
    program = program_of(person("ana", RoleName.ADMINISTRATOR))
    sent = {"name": "Portal", "events": ["reader.left"], "url": "https://93.184.215.14/in"}

    def ask(method, path="", said=None):
        send = getattr(program, method)
        return send(f"{API}/hooks{path}", said, content_type="application/json")

    assert ask("post", said={**sent, "organisation": "iec"}).status_code == 403
    private = ask("post", said={**sent, "organisation": "iso", "url": "https://10.0.0.1/in"})
    assert (private.status_code, "public" in private.json()["detail"]) == (409, True)
    made = ask("post", said={**sent, "organisation": "iso"}).json()
    one = f"/{made['hook']['number']}"

    changed = ask("put", one, {"name": "The portal", "events": ["intake.came"]}).json()
    tried = ask("post", f"{one}/test").json()
    waits = ask("post", f"{one}/events/{tried['id']}/again")
    off = ask("put", f"{one}/active", {"active": False}).json()
    refused = ask("post", f"{one}/test")
    on = ask("put", f"{one}/active", {"active": True}).json()
    again = ask("post", f"{one}/events/{tried['id']}/again").json()
    page = ask("get", f"{one}/events").json()
    rotated = ask("post", f"{one}/secret").json()["secret"]

    assert (changed["name"], changed["events"]) == ("The portal", ["intake.came"])
    assert (tried["event"], tried["state"], again["state"]) == ("hook.test", "waiting", "waiting")
    assert (waits.status_code, refused.status_code) == (409, 409)
    assert (off["off_at"] is None, on["off_at"]) == (False, None)
    assert ([told["id"] for told in page["items"]], page["next"]) == ([tried["id"]], None)
    assert rotated.startswith("whsec_")
    assert rotated != made["secret"]
    assert [told["number"] for told in ask("get").json()] == [made["hook"]["number"]]
    assert ask("delete", one).status_code == 204
    assert ask("get", one).status_code == 404
