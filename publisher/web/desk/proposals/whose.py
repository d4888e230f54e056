"""Whose a proposal is that is not there yet."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from publisher.flows.propose import takers
from publisher.flows.rights import Owners, organisations
from publisher.models import Act, Organisation
from publisher.web.desk.door import person


def taker(_request: HttpRequest, *, slug: str) -> Owners:
    """Give the organisation, if it takes proposals."""
    return frozenset({chosen(slug).slug})


def chosen(slug: str) -> Organisation:
    """Give an organisation that takes proposals on our forms.

    Raises:
        Http404: there is none of that name.
    """
    found = next((one for one in takers() if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def mine(request: HttpRequest) -> list[str]:
    """Give the slugs of the organisations whose proposals somebody may decide."""
    return organisations(person(request), Act.EDIT)
