"""Works that live in processes of their own, and end together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: two works that write their process down each time they begin; one ends by itself when told
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from publisher.kit.processes import Tree

folder = Path(sys.argv[1])

def work(name):
    with (folder / name).open("a") as file:
        print(os.getpid(), file=file)
    while not (folder / f"{name}.falls").exists():
        time.sleep(0.02)
    (folder / f"{name}.falls").unlink()
    sys.exit(3)

tree = Tree({"one": lambda: work("one"), "two": lambda: work("two")})
signal.signal(signal.SIGTERM, tree.end)
tree.run()
(folder / "ended").touch()
"""


@pytest.fixture
def tree(tmp_path):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate(timeout=10)


def until(told):
    """Wait till something is so, for ten seconds."""
    for _ in range(500):
        if answer := told():
            return answer
        time.sleep(0.02)
    raise TimeoutError


def begun(folder, name, times=1):
    """Give the processes that did a work, once it began so often."""

    def pids():
        file = folder / name
        found = [int(line) for line in file.read_text().split()] if file.exists() else []
        return found if len(found) >= times else []

    return until(pids)


def gone(pid):
    """Say whether a process ended, though nobody may have asked after it yet."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text("utf-8")
        return said.rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_each_work_has_a_process_and_all_end_with_the_tree(tree, tmp_path):
    """SIGTERM to the tree reaches every work, and the tree waits for them."""
    (one,), (two,) = begun(tmp_path, "one"), begun(tmp_path, "two")
    assert len({one, two, tree.pid}) == 3

    tree.send_signal(signal.SIGTERM)

    assert tree.wait(timeout=10) == 0
    assert (tmp_path / "ended").exists()
    assert gone(one)
    assert gone(two)


def test_a_work_that_falls_is_done_again(tree, tmp_path):
    """The other goes on meanwhile; the fall is told with its status."""
    (one,) = begun(tmp_path, "one")
    (two,) = begun(tmp_path, "two")

    (tmp_path / "one.falls").touch()

    assert begun(tmp_path, "one", times=2)[0] == one
    assert begun(tmp_path, "two") == [two]
    assert not gone(two)
    tree.send_signal(signal.SIGTERM)
    assert "fell" in tree.communicate(timeout=10)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
def test_no_work_outlives_a_killed_tree(tree, tmp_path):
    """The kernel tells them."""
    (one,), (two,) = begun(tmp_path, "one"), begun(tmp_path, "two")

    os.kill(tree.pid, signal.SIGKILL)

    until(lambda: gone(one) and gone(two))
