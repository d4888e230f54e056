"""The services the adapters speak to, each with its own published description."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.adapters.service import Route, Service


@pytest.fixture
def service(shared_data: Path) -> Iterator[Callable[..., Service]]:
    """Start services; at the end each must have found every request to be as described."""
    started: list[Service] = []

    def start(document: str, host: str, routes: Mapping[str, Route]) -> Service:
        started.append(Service(shared_data / "api" / document, host, routes))
        return started[-1]

    yield start
    for one in started:
        one.close()
    assert [complaint for one in started for complaint in one.complaints] == []
