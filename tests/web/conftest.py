"""What tests of the pages share."""

import pytest
from django.test import Client

from publisher.web.public import subscribe
from tests.rows import Rows, rows


@pytest.fixture
def made(db) -> Rows:
    """Two organisations and what they offer."""
    return rows()


@pytest.fixture
def browser() -> Client:
    """A browser on this machine, that checks forms' tokens."""
    return Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1:8000"})


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Limits count in the process, and tests are many."""
    subscribe.PER_ADDRESS.forget()
    subscribe.PER_VISITOR.forget()
