"""What a machine's disk remembers of a database, so that one restored from a back-up is known.

Two files in a folder of the database's own: `epoch.json`, the last beat that was seen in it, and
`handed-over.tsv`, a line for each run of a hand-over: moment, placement, answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from publisher.kit.files import alone, write


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A moment in the life of a database."""

    epoch: str  #: the life's name
    number: int


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One run of a hand-over."""

    at: datetime
    placement: str  #: its key
    answers: int


class Witness:
    """One machine's memory of one database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def beat(self) -> Beat | None:
        """Give the last beat this machine saw; None: it saw none, or its file is damaged."""
        try:
            said = json.loads((self._folder / "epoch.json").read_bytes())
            return Beat(epoch=str(said["epoch"]), number=int(said["number"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def see(self, beat: Beat) -> None:
        """Remember a beat, unless a later one of the same life is remembered already."""
        with alone(self._folder):
            last = self.beat()
            if last is None or last.epoch != beat.epoch or last.number < beat.number:
                write(self._folder / "epoch.json", json.dumps(asdict(beat)), mode=0o600)

    def hand_over(self, handed: Handed) -> None:
        """Remember that something was handed over; it is on its way to the disk."""
        self._folder.mkdir(parents=True, exist_ok=True)
        line = f"{handed.at.isoformat()}\t{handed.placement}\t{handed.answers}\n"
        with (self._folder / "handed-over.tsv").open("a", encoding="utf-8") as file:
            file.write(line)

    def handed_over(self) -> Iterator[Handed]:
        """Give what this machine handed over, the oldest first; a torn line is passed over."""
        path = self._folder / "handed-over.tsv"
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            try:
                at, placement, answers = line.split("\t")
                yield Handed(
                    at=datetime.fromisoformat(at), placement=placement, answers=int(answers)
                )
            except ValueError:
                continue
