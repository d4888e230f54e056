"""A data folder of a benchmark's own, gone when it is over."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile


def own_folder() -> str:
    """Make the folder and have the settings name it, whatever they named before; give it.

    It is removed after whatever starts later, such as its database, has stopped.
    """
    folder = tempfile.mkdtemp(prefix="publisher-benchmark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PUBLISHER_DATA"] = folder
    return folder
