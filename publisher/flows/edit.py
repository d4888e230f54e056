"""Change the plan at the desk: one object, checked as a file would be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from pydantic import ValidationError

from publisher.flows.accounts import is_operator
from publisher.flows.audit import Doer, note
from publisher.flows.check import standing_problems
from publisher.flows.expand import expand
from publisher.flows.plan_rows import BY_KIND, NAMED
from publisher.flows.rights import act_of_changing, may_change, owners
from publisher.flows.servers import refuse_inner
from publisher.flows.stored_plan import stored_plan
from publisher.kit.vault import Vault
from publisher.models import Act, Entry, Outlet, Owner, PlanObject, Version
from publisher.models.content import canonical
from publisher.models.errors import PlanError, Refused
from publisher.models.specs import Plan, Spec
from publisher.plan.diff import Said, differences
from publisher.plan.forged import forged
from publisher.plan.said import SPECS, proper_path, specs
from publisher.plan.sentences import plain_problems
from publisher.settings import settings

_LOCK = 5075_1002  #: the one that `apply` takes: one change of the plan at a time


#: why somebody may not, by what it would amount to
WHY_NOT = {
    Act.EDIT: "You may not change this {kind}: it is another organisation’s, or goes out through "
    "another’s outlets and speaks for nobody, or you only look on.",
    Act.ADMINISTER: "Only an administrator of the organisation may change this of the {kind}.",
}


class Changed(Refused):
    """Somebody else changed it since it was looked at."""


def mark(row: PlanObject | None) -> str:
    """Give a word that changes with what an object says; empty for what is not there."""
    if row is None or row.retired_at is not None:
        return ""
    return hashlib.sha256(canonical(row.spec).encode()).hexdigest()[:16]


def edit(kind: str, said: Said, *, seen: str, doer: Doer, now: datetime) -> PlanObject:
    """Make an object of the plan say this, or create it, and lay out the calendar anew.

    Args:
        kind: such as `entry`; see `BY_KIND`.
        said: the whole spec as JSON values, with its slug.
        seen: the `mark` of what the change was made from; empty for a new one.
        doer: who changes it.
        now: aware.

    Raises:
        PlanError: it cannot be meant, or does not fit into the plan; nothing is changed.
        Changed: somebody else changed it meanwhile.
        Refused: the doer may not.
    """
    if kind == "outlet":
        refuse_inner(said, doer=doer)
    with transaction.atomic():
        _alone()
        plan = stored_plan()
        spec = _shaped(kind, said, plan)
        change = _Change(kind, slug_of(kind, said), doer, now)
        row = change.row(seen)
        change.leave(row, spec)
        plan = change.fitted(plan, spec)
        return change.write(row, spec, plan)


def take_out(kind: str, slug: str, *, seen: str, doer: Doer, now: datetime) -> None:
    """Take an object out of the plan; what was sent from it keeps its record.

    Raises:
        PlanError: something else in the plan needs it; nothing is changed.
        Changed: somebody else changed it meanwhile.
        Refused: there is none, or the doer may not.
    """
    with transaction.atomic():
        _alone()
        change = _Change(kind, slug, doer, now)
        row = change.row(seen)
        if row is None or row.retired_at is not None:
            raise Refused(f"There is no {kind} “{slug}”.")
        change.leave(row, None)
        change.fitted(stored_plan(), None)
        row.retired_at = row.changed_at = now
        row.save(update_fields=["retired_at", "changed_at"])
        change.note("take_out", row.spec, None)


def slug_of(kind: str, said: Said) -> str:
    """Give the slug that a spec has, or `<outlet>/<audience>` for a choice."""
    if kind == "choice":
        return f"{said.get('outlet', '')}/{said.get('audience', '')}"
    return str(said.get("slug", ""))


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _shaped(kind: str, said: Said, plan: Plan) -> Spec:
    slug = slug_of(kind, said)
    path = plan.paths.get(f"{kind}/{slug}") or f"{kind} {slug}".strip()
    if signs := forged(said, path=path):
        raise PlanError(signs)
    try:
        return BY_KIND[kind].shape.model_validate(dict(said))
    except ValidationError as error:
        raise PlanError(plain_problems(error, path=path)) from error


def _refuse_anothers_account(after: Said, before: Said | None, doer: Doer) -> None:
    """Refuse to send with a credential that another organisation's outlet names, or nobody's."""
    account = after["account"]
    if not account or (before and before["account"] == account):
        return
    rows = Outlet.objects.filter(spec__account=account)
    own = rows.filter(organisation__slug=after["organisation"])
    if rows.filter(retired_at=None).exclude(pk__in=own).exists():
        raise Refused(f"“{account}” is another organisation’s account; name one of your own.")
    # What an operator has kept for somebody is not for whoever names it first.
    if not is_operator(doer) and not own.exists() and account in Vault.of(settings()).names():
        raise Refused(
            f"An account “{account}” is kept already, and no outlet of yours names it. Give yours "
            "another name, or ask an operator to hand it to you."
        )


@dataclass(frozen=True)
class _Change:
    """One change of one object."""

    kind: str
    slug: str
    doer: Doer
    now: datetime

    def row(self, seen: str) -> PlanObject | None:
        """Take the row for the rest of the transaction.

        Raises:
            Changed: it does not say what was seen.
        """
        rows = BY_KIND[self.kind]._default_manager.select_for_update()
        found: PlanObject | None = rows.filter(slug=self.slug).first()
        if mark(found) != seen:
            raise Changed(
                "Somebody else changed it since you opened it. Look at what it says now, and "
                "make your change again."
            )
        return found

    def leave(self, row: PlanObject | None, spec: Spec | None) -> None:
        """Ask whether the doer may change both what it was and what it becomes."""
        if self.doer.person is None:
            return
        before = row.spec if row and row.retired_at is None else None
        after = spec.model_dump(mode="json") if spec else None
        act = act_of_changing(self.kind, before, after)
        for said in (before, after):
            if said is not None and not may_change(self.doer.person, act, self.kind, said):
                raise Refused(WHY_NOT[act].format(kind=self.kind))
        if self.kind == "outlet" and after:
            _refuse_anothers_account(after, before, self.doer)

    def fitted(self, plan: Plan, spec: Spec | None) -> Plan:
        """Give the plan as it becomes.

        Raises:
            PlanError: it would not hold together.
        """
        changed = dict(specs(plan, self.kind))
        changed.pop(self.slug, None)
        if spec is not None:
            changed[self.slug] = spec
        made: Plan = replace(plan, **{SPECS[self.kind]: changed})  # type: ignore[arg-type]  # by its name
        thing = f"{self.kind}/{self.slug}"
        if spec is not None and not made.paths.get(thing):
            path = proper_path(made, self.kind, self.slug)
            made = replace(made, paths={**made.paths, thing: path})
        if problems := standing_problems(made):
            raise PlanError(problems)
        return made

    def write(self, row: PlanObject | None, spec: Spec, plan: Plan) -> PlanObject:
        """Write the row, and what follows from it."""
        said = spec.model_dump(mode="json")
        before = row.spec if row and row.retired_at is None else None
        row = row or self._new()
        row.spec, row.retired_at = said, None
        row.path = row.path or plan.paths[f"{self.kind}/{self.slug}"]
        for name in NAMED.get(self.kind, {}):
            setattr(row, name, BY_KIND[name]._default_manager.get(slug=said[name]))
        row.save()
        if before != said:
            self.note("edit" if before else "create", before, said)
        return row

    def _new(self) -> PlanObject:
        row = BY_KIND[self.kind](slug=self.slug, owner=Owner.DESK)
        if isinstance(row, Entry):
            row.first_applied_at = self.now
        return row

    def note(self, verb: str, before: Said | None, after: Said | None) -> None:
        """Keep the version, write down who made it, and lay out the calendar anew."""
        thing = f"{self.kind}/{self.slug}"
        Version.objects.create(thing=thing, spec=after, at=self.now, person=self.doer.person)
        fields = [one.field for one in differences(before, after)] if before and after else []
        whose = owners(self.kind, after or before or {})
        organisation = next(iter(whose)) if whose and len(whose) == 1 else ""
        act = f"{self.kind.replace(' ', '_')}.{verb}"
        note(self.doer, act, thing, now=self.now, organisation=organisation, fields=fields)
        expand(now=self.now, entries=[self.slug] if self.kind == "entry" else None)
