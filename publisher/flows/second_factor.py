"""An organisation asks its people for more than a password.

Needs what `startup.start(people=True)` loads.
"""

from __future__ import annotations

from datetime import datetime

from publisher.flows.audit import Doer
from publisher.flows.edit import edit
from publisher.flows.people import administered_organisation
from publisher.flows.sign_ins import second_factors
from publisher.models import Organisation, Person


def lacks(who: Person) -> bool:
    """Whether an organisation of somebody's asks for a second factor, and it has none.

    An operator may do everything for every organisation, so each of them is one of its own.
    """
    asking = Organisation.objects.filter(retired_at=None, spec__second_factor=True)
    if not who.is_superuser:
        asking = asking.filter(roles__person=who)
    return asking.exists() and not second_factors([who.pk])


def ask_for(organisation: str, *, wanted: bool, seen: str, doer: Doer, now: datetime) -> None:
    """Have an organisation ask all its people for a second factor, or ask no longer.

    Args:
        organisation: its slug.
        wanted: whether it asks.
        seen: the mark of the organisation as it was looked at.
        doer: who administers it.
        now: aware.

    Raises:
        Refused: there is none, the doer may not, or somebody changed it meanwhile.
    """
    row = administered_organisation(organisation, doer)
    edit("organisation", row.spec | {"second_factor": wanted}, seen=seen, doer=doer, now=now)
