"""From a folder of files to one plan, with every problem at its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from publisher.models.errors import PlanError
from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    ChoiceSpec,
    KeyMessageSpec,
    OrganisationSpec,
    OutletSpec,
    PictureFile,
    Plan,
    Spec,
    TemplateSpec,
)
from publisher.plan.annex_file import ENDINGS, annex
from publisher.plan.entry import read_entry
from publisher.plan.event_file import events
from publisher.plan.folder import content, plan_files
from publisher.plan.master_file import is_master, master
from publisher.plan.picture_file import picture
from publisher.plan.reading import Reading
from publisher.plan.source import Source
from publisher.plan.tree import Node, tree

MAX_TEMPLATE = 500_000
MAX_PICTURE = 5_000_000
MAX_MASTER = 10_000_000
MAX_ANNEX = 10_000_000


def read(folder: Path) -> Plan:
    """Give the plan that a folder holds.

    Raises:
        PlanError: with everything that is wrong in single files. `check` finds what does not fit
            between them.
    """
    found = source(folder)
    if found.problems:
        raise PlanError(found.problems)
    return found.plan


def source(folder: Path) -> Source:
    """Read as much of a folder as can be read, and say what cannot.

    Raises:
        PlanError: there is no plan in the folder at all.
    """
    reading = Reading(folder)
    for path in plan_files(folder, reading.problems):
        _reader(path)(reading, path)
    return reading.source()


def _organisation(reading: Reading, path: str) -> None:
    if not (found := reading.opened("organisation", path)):
        return
    slug, node = found
    spec = reading.spec(OrganisationSpec, node, path, said={"slug": slug}, added=("choices",))
    reading.keep("organisation", slug, spec, path)
    if "choices" in node.entries:
        _choices(reading, path, node.entries["choices"][1])


def _choices(reading: Reading, path: str, node: Node) -> None:
    if node.kind != "list":
        reading.wrong(path, "must be a list", field="choices", line=node.line, column=node.column)
        return
    for number, item in enumerate(node.items):
        where = ("choices", number)
        if not _is_mapping(reading, path, item, f"choices.{number}"):
            continue
        if choice := reading.spec(ChoiceSpec, item, path, said={}, where=where):
            slug = f"{choice.outlet}/{choice.audience}"
            reading.keep("choice", slug, choice, path, within=f"choices.{number}")


def _channel(reading: Reading, path: str) -> None:
    if not (found := reading.opened("channel", path)):
        return
    slug, node = found
    spec = reading.spec(ChannelSpec, node, path, said={"slug": slug}, added=("outlets",))
    reading.keep("channel", slug, spec, path)
    if "outlets" in node.entries:
        _outlets(reading, path, slug, node.entries["outlets"][1])


def _outlets(reading: Reading, path: str, channel: str, node: Node) -> None:
    if not _is_mapping(reading, path, node, "outlets"):
        return
    for slug, (_, item) in node.entries.items():
        if _is_mapping(reading, path, item, f"outlets.{slug}"):
            said = {"slug": slug, "channel": channel}
            spec = reading.spec(OutletSpec, item, path, said=said, where=("outlets", slug))
            reading.keep("outlet", slug, spec, path, within=f"outlets.{slug}")


def _is_mapping(reading: Reading, path: str, node: Node, field: str) -> bool:
    if node.kind != "mapping":
        sentence = "must be a mapping of names to values"
        reading.wrong(path, sentence, field=field, line=node.line, column=node.column)
    return node.kind == "mapping"


def _one(kind: str, shape: type[Spec]) -> Callable[[Reading, str], None]:
    """Give the reader of files that hold one spec and nothing else."""

    def one(reading: Reading, path: str) -> None:
        if found := reading.opened(kind, path):
            slug, node = found
            reading.keep(kind, slug, reading.spec(shape, node, path, said={"slug": slug}), path)

    return one


def _events(reading: Reading, path: str) -> None:
    slug = reading.slug(path)
    words = reading.text(path)
    if slug is None or words is None:
        reading.unread.add(f"calendar/{slug}")
        return
    before = len(reading.problems)
    for event in events(words, path, slug, reading.problems):
        reading.keep("event", event.slug, event, path)
    if len(reading.problems) > before:
        reading.unread.add(f"calendar/{slug}")


def _picture(reading: Reading, path: str) -> None:
    _bytes(reading, path, MAX_PICTURE, lambda found: picture(PurePosixPath(path).name, found))


def _annex(reading: Reading, path: str) -> None:
    _bytes(reading, path, MAX_ANNEX, lambda found: annex(PurePosixPath(path).name, found))


def _master(reading: Reading, path: str) -> None:
    _bytes(reading, path, MAX_MASTER, lambda found: master(path, found))


def _bytes(
    reading: Reading, path: str, at_most: int, made_of: Callable[[bytes], PictureFile | str]
) -> None:
    found = content(reading.folder, path, at_most=at_most, problems=reading.problems)
    if found is None:
        reading.unread.add(f"picture/{path}")
        return
    made = made_of(found)
    if isinstance(made, str):
        reading.wrong(path, made)
        reading.unread.add(f"picture/{path}")
    else:
        reading.pictures[path] = made


def _template(reading: Reading, path: str) -> None:
    words = reading.text(path, MAX_TEMPLATE)
    if words is None:
        return
    if path.endswith(".yaml"):
        node = _labels(words) or tree(words, path, reading.problems)
        if not reading.kept(path, node):
            return
    slug = path.removeprefix("templates/")
    try:
        found = TemplateSpec(slug=slug, source=words)
    except ValidationError:  # its length was looked at, so it is the name
        reading.wrong(path, "has a name that no template may have; use letters, digits and hyphens")
    else:
        reading.keep("template", slug, found, path)


@lru_cache(maxsize=8)  # the labels are long, and the same in nearly every reading
def _labels(words: str) -> Node | None:
    return tree(words, "", [])


#: by folder and ending; `templates` takes any text
_READERS: dict[tuple[str, str], Callable[[Reading, str], None]] = {
    ("channels/organisations", ".yaml"): _organisation,
    ("channels", ".yaml"): _channel,
    ("audiences", ".yaml"): _one("audience", AudienceSpec),
    ("audiences/messages", ".yaml"): _one("key message", KeyMessageSpec),
    ("calendar", ".md"): read_entry,
    ("calendar", ".ics"): _events,
    ("calendar/pictures", ".png"): _picture,
    ("calendar/pictures", ".jpg"): _picture,
    ("calendar/pictures", ".jpeg"): _picture,
    ("calendar/pictures", ".gif"): _picture,
    ("calendar/pictures", ".webp"): _picture,
    **{("calendar/annexes", ending): _annex for ending in ENDINGS},
}


def _reader(path: str) -> Callable[[Reading, str], None]:
    if path.startswith("templates/"):
        return _master if is_master(path) else _template
    place = PurePosixPath(path)
    return _READERS.get((str(place.parent), place.suffix), _stranger)


def _stranger(reading: Reading, path: str) -> None:
    place = PurePosixPath(path)
    here = sorted(ending for folder, ending in _READERS if folder == str(place.parent))
    if here:
        reading.wrong(path, f"is not read by anything; files here end in {', '.join(here)}")
    else:
        folders = sorted({folder for folder, _ in _READERS})
        reading.wrong(path, f"stands in no folder that is read: {', '.join(folders)}, templates")
