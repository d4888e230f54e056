"""Rows that were recognised as the files of a draft, with questions where they are unclear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from publisher.models.specs import ChannelSpec
from publisher.plan.neat import neat_channel
from publisher.plan.recognise.channels import channels
from publisher.plan.recognise.rows import Row
from publisher.plan.rewrite import written

_LONGEST = 60  #: letters of a slug
_NAME = 80  #: letters of a message's name
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A row as it stands in the draft."""

    audience: str  #: its slug
    messages: list[str]
    channels: list[str]


@dataclass(kw_only=True)
class Draft:
    """A draft so far."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)  #: fields by path
    questions: list[tuple[str, str]] = field(default_factory=list)  #: path and question
    rows: list[Drafted] = field(default_factory=list)

    def texts(self) -> dict[str, bytes]:
        """Give the files, each with its questions on top."""
        return {
            path: (self._asked(path) + written(fields)).encode()
            for path, fields in self.files.items()
        }

    def _asked(self, path: str) -> str:
        return "".join(f"# ?: {said}\n" for here, said in self.questions if here == path)

    def ask(self, path: str, question: str) -> None:
        """Put a question at its place, on one line and once."""
        said = (path, " ".join(question.split()))
        if said not in self.questions:
            self.questions.append(said)

    def free(self, folder: str, slug: str, words: str) -> str:
        """Give the slug these words have in a folder, or a numbered one if others took it."""
        tried, number = slug, 1
        while (path := f"{folder}/{tried}.yaml") in self.files:
            held = self.files[path]
            if words in (held.get("text"), held["name"]):
                break
            number += 1
            tried = f"{slug}-{number}"
        return tried


def draft(rows: Sequence[Row], menu: Mapping[str, ChannelSpec]) -> Draft:
    """Make a draft; what the rows do not say is asked, never made up."""
    made = Draft()
    for row in rows:
        _row(made, row, menu)
    return made


def _row(made: Draft, row: Row, menu: Mapping[str, ChannelSpec]) -> None:
    name = " ".join(row.audience.split())
    slug = made.free("audiences", slug_of(name.split("(")[0] or name, "audience"), name)
    path = f"audiences/{slug}.yaml"
    if path not in made.files:
        rule = {"attribute": "audience", "is": slug}
        made.files[path] = {"name": name, "kind": "primary", "who": rule, "hears": []}
        made.ask(path, "kind: is this audience primary or secondary? Written as primary.")
        made.ask(path, f"who: which readers are in it? So far those with the audience “{slug}”.")
    if row.when:
        made.ask(path, f"when “{row.when}”: write an entry in calendar/ that is due then.")
    if row.owner:
        made.ask(path, f"owner “{row.owner}”: which organisation is that?")
    through = _channels(made, row, path, menu)
    messages = [_message(made, words) for words in _PARAGRAPHS.split(row.message) if words.strip()]
    if not messages:
        made.ask(path, "hears: the plan says no key message here.")
    heard = made.files[path]["hears"]
    for message in messages if through else []:
        if message not in [one["message"] for one in heard]:
            heard.append({"message": message, "through": list(through)})
    made.rows.append(Drafted(audience=slug, messages=messages, channels=through))


def _message(made: Draft, words: str) -> str:
    text = " ".join(words.split())
    name = text if len(text) <= _NAME else f"{text[: _NAME - 1].rsplit(' ', 1)[0]}…"
    slug = made.free("audiences/messages", slug_of(text, "message"), text)
    path = f"audiences/messages/{slug}.yaml"
    made.files.setdefault(path, {"name": name, "text": text})
    if text.rstrip(".?! ").count(". "):
        made.ask(path, "text: it has several sentences; are they several key messages?")
    return slug


def _channels(made: Draft, row: Row, path: str, menu: Mapping[str, ChannelSpec]) -> list[str]:
    found, left = channels(row.channel)
    if not found and not left:
        made.ask(path, "through: the plan names no channel here.")
    for slug in (one for one in found if one in menu):
        here = f"channels/{slug}.yaml"
        made.files.setdefault(here, neat_channel(menu[slug], ()))
        made.ask(here, "outlets: which organisation has this channel, and what carries it?")
    if found and left:
        made.ask(path, f"through: does what was recognised hold all of “{row.channel}”?")
    for words in left if not found else ():
        _unknown(made, words)
    return [one for one in found if one in menu] or [slug_of(one, "channel") for one in left]


def _unknown(made: Draft, words: str) -> None:
    slug = slug_of(words, "channel")
    path = f"channels/{slug}.yaml"
    made.files.setdefault(path, {"name": words, "description": words, "form": slug})
    made.ask(path, f"form: “{words}” is no channel of the menu; which form does it have?")
    made.ask(path, "outlets: which organisation has it? adapter: manual carries it by hand.")


def slug_of(words: str, otherwise: str) -> str:
    """Give a short name made of words; of letters that have no Latin form, by their numbers."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    if not slug:
        slug = f"{otherwise}-{'-'.join(f'{ord(one):x}' for one in words if one.isalnum())}"
    cut = slug[: _LONGEST + 1].rsplit("-", 1)[0] if len(slug) > _LONGEST else slug
    return cut.strip("-")[:_LONGEST].strip("-")
