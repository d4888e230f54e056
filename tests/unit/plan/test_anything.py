"""Whatever bytes a file holds, reading gives a plan or sentences, never a traceback."""

import random
import shutil
import tempfile
from pathlib import Path

import pytest

from publisher.plan.read import source
from tests.plans import smallest_plan

EVENT = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1@x\r
SUMMARY:Plenary\r\nDTSTART;TZID=Europe/Zurich:20270504T090000\r\nDTEND:20270504T100000Z\r
RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=12\r\nEXDATE:20270604T090000Z\r\nEND:VEVENT\r
END:VCALENDAR\r\n"""
SCRAPS = [
    *(b"\xff", b"\0", b"\t", b"\n", b"\r", b"---\n", b":::\n", b"::: for ", b"#", b"=", b"\\u0000"),
    *(
        b": ",
        b"- ",
        b"{",
        b"]",
        b"'",
        b'"',
        b"|\n",
        b"&a ",
        b"*a",
        b"!!x ",
        b"?",
        b"%",
        b"@",
        b"<<: ",
    ),
    *(b"true", b"2027-02-30", b"-1", b"1e999", b"null", "é\u202e\ue000".encode()),
]


def damaged(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(content))
        until = min(len(content), at + chance.choice([0, 0, 1, 5, 40]))
        content = content[:at] + chance.choice([*SCRAPS, b""]) + content[until:]
    return content


def _without_templates(folder: Path) -> None:
    """Leave a few labels: a template is read as it is, each time, and takes most of the time."""
    labels = (folder / "templates/labels.yaml").read_text().splitlines(keepends=True)[:40]
    shutil.rmtree(folder / "templates")
    (folder / "templates").mkdir()
    (folder / "templates/labels.yaml").write_text("".join(labels))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_are_refused_with_sentences(seed):
    """Bytes are cut out of and put into good files; nothing but problems may come of it."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = smallest_plan(Path(name), {"calendar/plenary.ics": EVENT})
        _without_templates(folder)
        files = [path for path in folder.rglob("*") if path.is_file() and "READ" not in path.name]
        good = {path: path.read_bytes() for path in files}
        for path in sorted(good):
            if not path.is_relative_to(folder / "templates") or path.suffix == ".yaml":
                for _ in range(12):
                    path.write_bytes(damaged(good[path], chance))
                    for problem in source(folder).all_problems(adapters=["webpage"]):
                        assert problem.sentence
                        assert (folder / problem.path).exists()
                path.write_bytes(good[path])
