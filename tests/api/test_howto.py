"""The examples of the how-to are run, from top to bottom, as a program would."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from string import Template

import pytest
from django.test import Client

from publisher.kit import clock
from publisher.models import Organisation, Role, RoleName
from tests.api.programs import token_of
from tests.desk.people import person
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "use-the-api.md"


def test_every_example_of_the_howto_works(monkeypatch):
    """What one answers, such as a hash, is what the next one sends."""
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=9))
    store(joint_plan(entry("hello", speaks_for=["iso"])))
    who = person("ana", RoleName.ADMINISTRATOR)
    iec = Organisation.objects.get(slug="iec")
    Role.objects.create(person=who, organisation=iec, name=RoleName.EDITOR)
    known = {"PUBLISHER": "http://testserver", "TOKEN": token_of(who)}
    done = 0

    for command in re.findall(r"```sh\n(.*?)```", HOWTO.read_text(), re.DOTALL):
        answer = _asked(command, known)
        assert answer.status_code in {200, 201}, (command, answer.text)
        known |= _learnt(answer)
        done += 1

    assert done == 14


def _asked(command: str, known: dict[str, str]):
    """Do what curl would."""
    program, *words = shlex.split(command.replace("\\\n", " "))
    method, body, headers, url = "GET", "", {}, ""
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-d":
                body = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = Template(value).substitute(known)
            case "-i":
                pass
            case word:
                url = Template(word).substitute(known)
    assert program == "curl"
    kind = headers.pop("Content-Type", "application/octet-stream")
    return Client().generic(
        method, url, Template(body).substitute(known), content_type=kind, headers=headers
    )


def _learnt(answer) -> dict[str, str]:
    """Give what later examples need of this one's answer."""
    found = {"ETAG": answer["ETag"]} if "ETag" in answer else {}
    said = answer.json()
    if isinstance(said, list) and said and "placements" in said[0]:
        found |= {"PLACEMENT": said[0]["placements"][0], "SHA256": said[0]["sha256"]}
    if isinstance(said, dict) and "hook" in said:
        found |= {"HOOK": str(said["hook"]["number"])}
    if isinstance(said, dict) and "place" in said:
        found |= {"OCCURRENCE": "2027-03-12T10:00"}
    return found
