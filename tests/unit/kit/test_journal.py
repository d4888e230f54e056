"""The accept journal keeps what it was told, and says beforehand when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.kit.journal import DiskFull, Entry, Journal, folder_id, left_behind

YES = Entry(delivery=7, verdict=1, answer="250 2.0.0 queued as 4Fz", url="https://example.org/7")


def found(folder: Path) -> dict[str, list[Entry]]:
    return {name: entries for name, entries, _ in left_behind(folder)}


def test_an_answer_survives_its_process(tmp_path: Path):
    """Whatever was written is read back by whoever comes next."""
    child = (
        "import os, signal, sys; from pathlib import Path;"
        "from publisher.kit.journal import Entry, Journal;"
        "journal = Journal.open_new(Path(sys.argv[1])); journal.reserve(3);"
        "journal.write(Entry(delivery=7, verdict=1, answer='250 2.0.0 queued as 4Fz',"
        " url='https://example.org/7'));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", child, str(tmp_path)])

    assert list(found(tmp_path).values()) == [[YES]]


def test_a_living_processs_journal_is_left_alone(tmp_path: Path):
    """Its lock is held until it ends."""
    journal = Journal.open_new(tmp_path)

    assert found(tmp_path) == {}

    journal.close(keep=True)
    assert found(tmp_path) == {journal.name: []}


def test_a_journal_whose_answers_are_recorded_leaves_nothing(tmp_path: Path):
    """Only what the database does not know is worth a file."""
    journal = Journal.open_new(tmp_path)
    journal.close()

    assert not list(tmp_path.glob("*.journal"))


def test_slots_are_used_again_so_that_a_million_answers_need_no_more_room(tmp_path: Path):
    """The file is as large as what is in flight, whatever went before."""
    journal = Journal.open_new(tmp_path)
    for number in range(1, 2001):
        journal.reserve(10)
        journal.forget([journal.write(Entry(delivery=number, verdict=1))])
    journal.write(YES)
    size = (tmp_path / f"{journal.name}.journal").stat().st_size
    journal.close(keep=True)

    assert size < 2000
    assert found(tmp_path)[journal.name] == [YES]


def test_long_answers_are_cut_in_the_journal_and_addresses_kept_whole(tmp_path: Path):
    """A cut in the middle of a letter loses that letter only."""
    journal = Journal.open_new(tmp_path)
    journal.reserve(1)
    journal.write(Entry(delivery=1, verdict=2, answer="é" * 500, url="https://example.org/1"))
    journal.close(keep=True)

    [entry] = found(tmp_path)[journal.name]
    assert entry.url == "https://example.org/1"
    assert set(entry.answer) == {"é"}
    assert len(entry.answer) > 30


def test_a_full_disk_is_found_out_before_anything_is_sent(tmp_path: Path):
    """What was reserved can still be written down."""
    child = (
        "import resource, sys; from pathlib import Path;"
        "from publisher.kit.journal import DiskFull, Entry, Journal;"
        "journal = Journal.open_new(Path(sys.argv[1])); journal.reserve(10);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "\ntry: journal.reserve(1000)\nexcept DiskFull: print('full')\n"
        "for number in range(10): journal.write(Entry(delivery=number, verdict=1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "full\n"
    assert [len(entries) for entries in found(tmp_path).values()] == [10]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    """The sentence says where."""
    folder_id(tmp_path)
    tmp_path.chmod(0o500)

    with pytest.raises(DiskFull, match=str(tmp_path)):
        Journal.open_new(tmp_path)


def test_a_folder_keeps_its_name(tmp_path: Path):
    """Rows in the ledger are found by it after a restart, and after the host is renamed."""
    assert folder_id(tmp_path) == folder_id(tmp_path)
    assert len(folder_id(tmp_path)) == 16
