"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from tests import server

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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Copy each process's database from one whose tables are made once for all."""
    from django.db import connection

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = server.migrated()


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest):
    """Empty the queue after a test that commits: its tables are not Django's to flush."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
