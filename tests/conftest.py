"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def reference_plan() -> Path:
    """The folder that holds the reference plan: the repository itself."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real material that is not ours to ship, in a folder beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{folder} is missing")
        pytest.skip("needs the folder ../shared/data, which is not part of the repository")
    return folder
