"""Whoever types a command as a document or a page prints it finds that it is there."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from collections.abc import Iterator

import typer

import publisher.cli
from publisher.cli.main import WITHOUT_COMMANDS
from tests.conftest import ROOT

PLACES = ("docs/**/*.md", "*.md", "*/README.md", "publisher/**/*.py", "publisher/**/*.html",
          "publisher/kit/words/**/*.yaml")  # fmt: skip
BLOCK = re.compile(r"```(?:sh|console|text)?\n(.*?)```", re.DOTALL)
LINE = re.compile(r"^\s*(?:[A-Z_]+=\S+ )*publisher (.*)$", re.MULTILINE)


def test_every_command_that_is_printed_is_there_with_its_options():
    """In documents, in sentences of the product, and on its pages."""
    app = typer.Typer()
    for module in pkgutil.iter_modules(publisher.cli.__path__):
        if module.name not in WITHOUT_COMMANDS:
            importlib.import_module(f"publisher.cli.{module.name}").register(app)
    root, wrong, found = typer.main.get_command(app), [], 0

    for pattern in PLACES:
        for file in ROOT.glob(pattern):
            for printed in commands_in(file.read_text()):
                found += 1
                wrong += [f"{file.relative_to(ROOT)}: {printed}"] * (not known(root, printed))

    assert wrong == []
    assert found > 200


def commands_in(text: str) -> Iterator[str]:
    """Give what follows `publisher` where it stands as code."""
    yield from re.findall(r"`publisher ([^`\n]+)`", text)
    for block in [*BLOCK.findall(text), *re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)]:
        for line in block.splitlines():
            for part in re.split(r"&&|\|", line):
                yield from LINE.findall(part)


def known(root: typer.core.TyperGroup, printed: str) -> bool:
    """Say whether there are such commands and options; what they are given is anybody's."""
    command, words = root, words_of(printed)
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return False
        command = command.commands[words.pop(0)]
    options = {name for one in command.params for name in [*one.opts, *one.secondary_opts]}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    return used <= options | {"--help", "--version"}


def words_of(printed: str) -> list[str]:
    said = printed.partition(" #")[0]
    try:
        words = shlex.split(said)
    except ValueError:  # a part of a sentence, with an apostrophe
        words = said.split()
    return [word.rstrip(".,;:") for word in words]
