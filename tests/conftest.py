"""What every test may ask for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def reference_plan() -> Path:
    """The folder that holds the reference plan: the repository itself."""
    return ROOT
