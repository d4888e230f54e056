"""A draft so far: the fields of its files, and the questions they leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from publisher.plan.recognise.questions import Field, Question, asked
from publisher.plan.rewrite import written

_LONGEST = 60  #: letters of a slug
_SYLLABLES = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_LEFT_ALONE = "readme"  #: a file of this name is no part of a plan


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A row as it stands in the draft."""

    audience: str  #: its slug
    messages: list[str]
    channels: list[str]


@dataclass(kw_only=True)
class Draft:
    """What is made of a plan."""

    source: str  #: the name of the plan's file
    language: str
    speaker: str = ""  #: who speaks throughout; empty: the owners that the plan names
    files: dict[str, dict[str, Any]] = field(default_factory=dict)  #: fields by path
    words: dict[str, str] = field(default_factory=dict)  #: those of entries, by path
    questions: dict[Question, None] = field(default_factory=dict)  #: in order, each once
    rows: list[Drafted] = field(default_factory=list)

    def ask(self, path: str, at: Field, sentence: str) -> None:
        """Put a question at its place, on one line and once."""
        said = " ".join(sentence.split())
        self.questions[Question(path=path, field=at, sentence=said)] = None

    def said(self, words: str) -> str | dict[str, str]:
        """Give words in the plan's language as a file says them."""
        return words if self.language == "en" else {self.language: words}

    def called(self, path: str) -> str:
        """Give the name that a file of the draft says."""
        name = self.files[path].get("name", "")
        return name if isinstance(name, str) else next(iter(name.values()))

    def free(self, folder: str, words: str, otherwise: str) -> str:
        """Give the path for a file of this name; that of another that is called so."""
        slug = slug_of(words, otherwise)
        tried, number = slug if slug != _LEFT_ALONE else f"{slug}-1", 1
        while (path := f"{folder}/{tried}.yaml") in self.files:
            held = self.files[path]
            if self.said(words) in (held.get("text"), held.get("name")):
                break
            number += 1
            tried = f"{slug}-{number}"
        return path

    def texts(self) -> tuple[dict[str, bytes], list[Question]]:
        """Give the files with their questions, and the questions with their lines."""
        texts: dict[str, bytes] = {}
        placed: list[Question] = []
        by_path: dict[str, list[Question]] = {}
        for one in self.questions:
            by_path.setdefault(one.path, []).append(one)
        for path, fields in self.files.items():
            text = written(fields)
            if path in self.words:
                text = f"---\n{text}---\n{self.words[path]}\n"
            text, found = asked(text, by_path.get(path, []))
            texts[path] = text.encode()
            placed += found
        return texts, placed


def slug_of(words: str, otherwise: str, *, longest: int = _LONGEST) -> str:
    """Give a short name made of words, in Latin letters as they sound or are called."""
    from anyascii import anyascii

    # A Chinese or Korean letter is a syllable: it stands for itself.
    parted = "".join(f" {one} " if _SYLLABLES.match(one) else one for one in _plain(words))
    latin = anyascii(parted).lower().replace("'", "")  # an Arabic hamza, a Russian soft sign
    slug = "-".join(re.findall(r"[a-z0-9]+", latin))
    if not slug:
        slug = f"{otherwise}-{'-'.join(f'{ord(one):x}' for one in words if one.isalnum())}"
    cut = slug[: longest + 1].rsplit("-", 1)[0] if len(slug) > longest else slug
    return cut.strip("-")[:longest].strip("-") or otherwise


def _plain(words: str) -> str:
    return words.replace("'", " ").replace("’", " ")


def slug_at(path: str) -> str:
    """Give the slug of a file of a draft."""
    return path.rpartition("/")[2].rpartition(".")[0]
