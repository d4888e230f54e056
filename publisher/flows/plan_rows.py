"""The rows of the plan: written many at a time, and kept for as long as something names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, JSONField, OuterRef, QuerySet, Value
from django.db.models.fields.related import ForeignObjectRel

from publisher.flows.stored_plan import NOUNS
from publisher.models import Entry, Occurrence, Owner, Picture, PlanObject
from publisher.models.specs import Plan
from publisher.plan.diff import Action, Change, Changes, Said, Stored
from publisher.plan.said import PICTURE, paths, said

BY_KIND = {noun.kind: noun for noun in NOUNS}
#: what a noun's columns say besides its spec: the noun they name, and where the spec names it
NAMED = {
    "outlet": {"channel": "channel", "organisation": "organisation"},
    "choice": {"outlet": "outlet", "audience": "audience"},
}


def stored() -> dict[str, Stored]:
    """Give every object as the database has it, retired ones too, by `<kind>/<slug>`."""
    found = {}
    for noun in NOUNS:
        for row in noun._default_manager.order_by("slug"):
            now = _current(noun, row.spec)
            found[f"{noun.kind}/{row.slug}"] = Stored(
                said=now,
                applied=now if row.applied == row.spec else _applied(noun, row.applied),
                owner="desk" if row.owner == Owner.DESK else "file",
                path=row.path,
                retired=row.retired_at is not None,
            )
    rows = Picture.objects.exclude(paths=[]).values_list("sha256", "paths", "desk_paths")
    for sha256, places, desk in rows:
        for path in places:
            found[f"{PICTURE}/{path}"] = _picture({"sha256": sha256}, path, from_desk=path in desk)
    return found


def _picture(said: Said, path: str, *, from_desk: bool) -> Stored:
    """What was uploaded at the desk is the desk's, until a file brings the very same."""
    if from_desk:
        return Stored(said=said, applied=None, owner="desk", path=path)
    return Stored(said=said, applied=said, path=path)


def _applied(noun: type[PlanObject], spec: dict[str, Any] | None) -> Said | None:
    return None if spec is None else _current(noun, spec)


def _current(noun: type[PlanObject], spec: dict[str, Any]) -> Said:
    """Read a spec as this version writes it, so that a new field with a default is no change."""
    try:
        return noun.shape.model_validate(spec).model_dump(mode="json")
    except ValueError:
        return spec


def write(found: Changes, plan: Plan, *, now: datetime) -> None:
    """Make the rows say what the files say, as far as the changes go.

    What is deleted is only retired; `forget_retired` deletes it, once nothing names it.
    """
    files, where = said(plan), paths(plan)
    for noun in NOUNS:
        mine = [change for change in found.changes if change.kind == noun.kind]
        written = [one for one in mine if one.action is not Action.DELETE]
        _Rows(noun, files, where, now).write(written)
        _delete(noun, [one.slug for one in mine if one.action is Action.DELETE], now)
    _settle(found, files, where, now)
    if any(change.kind == PICTURE for change in (*found.changes, *found.settled)):
        _write_pictures(plan)


class _Rows:
    """The rows of one noun, to be created or changed many at a time."""

    def __init__(
        self,
        noun: type[PlanObject],
        files: Mapping[str, Said],
        paths: Mapping[str, str],
        now: datetime,
    ) -> None:
        self.noun = noun
        self.files = files
        self.paths = paths
        self.now = now
        self.ids = {
            column: dict(BY_KIND[kind]._default_manager.values_list("slug", "pk"))
            for column, kind in NAMED.get(noun.kind, {}).items()
        }

    def write(self, wanted: Iterable[Change]) -> None:
        """Write what the files say of these."""
        slugs = {change.slug: change for change in wanted}
        if not slugs:
            return
        rows = {row.slug: row for row in self.noun._default_manager.filter(slug__in=slugs)}
        created = [
            self._filled(self._new(slug), change)
            for slug, change in slugs.items()
            if slug not in rows
        ]
        changed = [self._filled(row, slugs[slug]) for slug, row in rows.items()]
        manager = self.noun._default_manager
        manager.bulk_create(created, batch_size=500)
        fields = ["spec", "applied", "owner", "path", "retired_at", "changed_at"]
        named = [f"{column}_id" for column in self.ids]
        manager.bulk_update(changed, [*fields, *named], batch_size=500)

    def _new(self, slug: str) -> PlanObject:
        if self.noun is Entry:
            return Entry(slug=slug, first_applied_at=self.now)
        return self.noun(slug=slug)

    def _filled(self, row: PlanObject, change: Change) -> PlanObject:
        spec = self.files[change.thing]
        # As an expression, so that many go as a list of values: as arrays, which Django makes of
        # plain ones, their escaping takes longer than all else.
        row.spec = row.applied = Value(spec, JSONField())
        row.owner = Owner(change.owner)
        row.path = self.paths.get(change.thing, "")
        row.retired_at = None
        row.changed_at = self.now
        for column, ids in self.ids.items():
            setattr(row, f"{column}_id", ids[spec[column]])
        return row


def _delete(noun: type[PlanObject], slugs: list[str], now: datetime) -> None:
    rows = noun._default_manager.filter(slug__in=slugs)
    rows.update(retired_at=now, applied=None, changed_at=now)


def _settle(
    found: Changes, files: Mapping[str, Said], paths: Mapping[str, str], now: datetime
) -> None:
    """Note what both sides were when they agreed, or when a person chose the desk's word."""
    chosen = [change for change in found.kept if change.because == "the desk's word was taken"]
    for change in [*found.settled, *chosen]:
        if change.kind != PICTURE:
            BY_KIND[change.kind]._default_manager.filter(slug=change.slug).update(
                applied=files.get(change.thing),
                owner=Owner(change.owner),
                changed_at=now,
                path=paths.get(change.thing, ""),
            )


def _write_pictures(plan: Plan) -> None:
    """Keep each picture once, whatever it is called; those no longer named are kept for what went.

    A rendition names a picture by its content, so a row is never changed or deleted. What the
    desk uploaded stays where it is until a file has it there.
    """
    desk = _of_the_desk(plan)
    files = {picture.sha256: picture for path, picture in plan.pictures.items() if path not in desk}
    paths: dict[str, list[str]] = {digest: [] for digest in files}
    for path, picture in plan.pictures.items():
        if path not in desk:
            paths[picture.sha256].append(path)
    Picture.objects.exclude(sha256__in=paths).update(paths=[], desk_paths=[])
    Picture.objects.bulk_create(
        [
            Picture(
                sha256=digest,
                paths=names,
                desk_paths=[],
                media_type=files[digest].media_type,
                content=files[digest].content,
            )
            for digest, names in paths.items()
        ],
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["paths", "desk_paths"],
        batch_size=20,
    )
    for path, digest in desk.items():
        row = Picture.objects.get(sha256=digest)
        row.paths, row.desk_paths = sorted({*row.paths, path}), sorted({*row.desk_paths, path})
        row.save(update_fields=["paths", "desk_paths"])


def _of_the_desk(plan: Plan) -> dict[str, str]:
    """Give the SHA-256 of the desk's pictures that no file has, by path."""
    rows = Picture.objects.exclude(desk_paths=[]).values_list("sha256", "desk_paths")
    found = {path: digest for digest, places in rows for path in places}
    return {
        path: digest
        for path, digest in found.items()
        if path not in plan.pictures or plan.pictures[path].sha256 != digest
    }


def forget_retired() -> None:
    """Delete what is retired and named by nothing that was sent, said or agreed to."""
    Occurrence.objects.filter(entry__retired_at__isnull=False, placements=None).delete()
    for noun in reversed(NOUNS):
        _unnamed(noun).delete()


def _unnamed(noun: type[PlanObject]) -> QuerySet[PlanObject]:
    rows = noun._default_manager.filter(retired_at__isnull=False)
    for relation in noun._meta.related_objects:
        rows = rows.exclude(Exists(_naming(relation)))
    return rows


def _naming(relation: ForeignObjectRel) -> QuerySet[Any]:
    column = relation.field.name
    return relation.related_model._default_manager.filter(**{column: OuterRef("pk")})
