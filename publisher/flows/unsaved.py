"""Look at an entry's words while they are typed: rendered as for sending, and nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from publisher.flows.gather import known_items
from publisher.flows.materials import Asked
from publisher.flows.preview import Preview, next_wall_time, shown
from publisher.flows.standing import Standing, standing
from publisher.models import Picture
from publisher.models.cell import Cell
from publisher.models.errors import PlanError
from publisher.models.specs import AtWallTime, EntrySpec, PictureFile
from publisher.plan.diff import Said
from publisher.plan.forged import forged
from publisher.plan.sentences import plain_problems
from publisher.render.rendition import forms
from publisher.schedule.matrix import Place


@dataclass(frozen=True)
class Unsaved:
    """An entry as it would be, in the plan that stands."""

    entry: EntrySpec
    stands: Standing
    at_local: datetime | None
    #: the entry's pictures by the name it has for each; those just uploaded, too
    pictures: Mapping[str, PictureFile]

    @property
    def places(self) -> list[Place]:
        """Where it would go."""
        return list(self.stands.matrix.places(self.entry))

    @property
    def cells(self) -> list[Cell]:
        """Its cells, without what their forms ask for beyond the plan."""
        found = self.stands.matrix.cells(self.entry, at_local=self.at_local)
        return [replace(cell, pictures=self.pictures) for cell in found]

    def cell(self, place: Place) -> Cell | None:
        """Give one cell with all that its form needs; None: nothing goes there."""
        for cell in self.cells:
            if (cell.audience.slug, cell.outlet.slug, cell.language) == (
                place.audience,
                place.outlet,
                place.language,
            ):
                return cell
        return None


def unsaved(said: Said, *, uploaded: Mapping[str, str] | None = None, now: datetime) -> Unsaved:
    """Take an entry as it is typed.

    Args:
        said: the whole spec as JSON values.
        uploaded: the SHA-256 of pictures that are not in the plan yet, by the entry's name for
            each.
        now: aware.

    Raises:
        PlanError: it cannot be meant; each problem names its field.
    """
    path = f"calendar/{said.get('slug', '')}.md"
    if signs := forged(said, path=path):
        raise PlanError(signs)
    try:
        entry = EntrySpec.model_validate(dict(said))
    except ValidationError as error:
        raise PlanError(plain_problems(error, path=path)) from error
    stands = standing()
    return Unsaved(
        entry=entry,
        stands=stands,
        at_local=only_wall_time(entry) or next_wall_time(entry.slug, now),
        pictures=_pictures(entry, stands, uploaded or {}),
    )


def only_wall_time(entry: EntrySpec) -> datetime | None:
    """Give the wall time of what comes once; None for what repeats or hangs on something."""
    return entry.when.at if isinstance(entry.when, AtWallTime) and not entry.repeat else None


def look(words: Unsaved, place: Place, *, now: datetime, whole: bool = False) -> Preview | None:
    """Render one cell; None: nothing goes there.

    Args:
        words: as they are typed.
        place: which cell.
        now: aware.
        whole: make its files as well, which takes long for what is set on paper.
    """
    cell = words.cell(place)
    if cell is None:
        return None
    return shown(_fed(cell, words.stands, now), words.stands.sources, whole=whole)


def _fed(cell: Cell, stands: Standing, now: datetime) -> Cell:
    """Add what the form asks for. No partner is asked: nobody waits for one while typing."""
    if cell.form == "newsletter" and cell.entry.partner_feed:
        cell = replace(cell, partner_items=known_items(cell.entry.partner_feed))
    form = forms().get(cell.form)
    if form is None or not form.needs:
        return cell
    # What the plan does not say, such as figures, may be a minute old while somebody types.
    asked = Asked.by(cell, now.replace(second=0, microsecond=0))
    return replace(cell, material={name: stands.material(name, asked) for name in form.needs})


def _pictures(
    entry: EntrySpec, stands: Standing, uploaded: Mapping[str, str]
) -> dict[str, PictureFile]:
    from publisher.schedule.matrix import pictures

    rows = Picture.objects.in_bulk(set(uploaded.values())) if uploaded else {}
    new = {
        name: PictureFile(
            sha256=digest,
            media_type=rows[digest].media_type,
            content=bytes(rows[digest].content),
        )
        for name, digest in uploaded.items()
        if digest in rows
    }
    return {**pictures(stands.plan, entry), **new}
