"""What tests of the programs' door share."""

import pytest

from publisher.settings import settings
from publisher.web.api.bearer import LIMIT


@pytest.fixture(autouse=True)
def _a_plan_of_its_own(tmp_path, monkeypatch):
    """What applies or writes the plan's files, does it to an empty folder."""
    monkeypatch.setenv("PUBLISHER_PLAN", str(tmp_path))
    settings.cache_clear()
    LIMIT.forget()
    yield
    settings.cache_clear()
