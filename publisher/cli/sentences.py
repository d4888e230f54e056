"""What goes wrong, told in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from publisher.kit.postgres import PostgresFailed
from publisher.settings import WrongSetting, settings


@contextmanager
def sentences() -> Iterator[None]:
    """Tell what is known to go wrong in a sentence, and end with exit status 2; 130 at Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not (sentence := _sentence(error)):
            raise
        typer.echo(sentence, err=True)
        sys.exit(2)


def _sentence(error: Exception) -> str:
    """Give the sentence; empty for what nobody foresaw."""
    if isinstance(error, PostgresFailed | WrongSetting):
        return str(error)
    if isinstance(error, OSError):
        return _place(error)
    from django import apps

    return _of_the_database(error) if apps.apps.ready else ""


def _of_the_database(error: Exception) -> str:
    # Django is set up by now, which importing its models asks for.
    from django import db

    from publisher.models.errors import PublisherError

    if isinstance(error, PublisherError):
        return str(error)
    if isinstance(error, db.OperationalError):
        return f"The database does not answer: {_first_line(error)}"
    return f"The database refuses this: {_first_line(error)}" if isinstance(error, db.Error) else ""


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]  # those below it may hold what is in the rows


def _place(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    data = settings().data_folder
    ours = str(error.filename).startswith(str(data))
    todo = f"; what Publisher keeps is in {data}, which PUBLISHER_DATA names" if ours else ""
    return f"{place}{error.strerror or error}{todo}"
