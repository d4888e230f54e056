"""Which of our open forms stand open, by what the menu offers."""

from __future__ import annotations

from publisher.flows import intakes, propose
from publisher.models import Outlet

#: by the name that pages know a door by: the form of the channel that opens it
FORMS = {"propose": propose.FORM, "intake": intakes.FORM}


def doors(organisation: str = "") -> dict[str, bool]:
    """Say of each form whether it can be filled in, in one query.

    Args:
        organisation: the slug of the one whose proposals are meant; empty: anybody's. Offers to
            collaborate are taken for all.
    """
    found = Outlet.objects.filter(
        retired_at=None,
        organisation__retired_at=None,
        channel__retired_at=None,
        channel__spec__form__in=FORMS.values(),
    ).values_list("channel__spec__form", "organisation__slug")
    there = set(found)
    return {
        "propose": any(form == propose.FORM and organisation in ("", slug) for form, slug in there),
        "intake": any(form == intakes.FORM for form, _ in there),
    }
