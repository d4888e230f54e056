"""Nobody reaches a page of the desk without leave."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from publisher.models import Act, RoleName
from publisher.web.desk.door import Guard
from publisher.web.desk.urls import AREAS
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db
#: those below /desk/ by which one signs in or out
OPEN = {"desk/sign-in/"}


def pages() -> list[URLPattern]:
    """Give every address of the desk."""
    found = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
    return [one for one in found if str(one.pattern).startswith("desk/")]


def test_every_page_of_the_desk_has_a_guard():
    """One that was written without asking who opens it would be open to all."""
    unguarded = {
        str(page.pattern)
        for page in pages()
        if not isinstance(getattr(page.callback, "guard", None), Guard)
    }

    assert unguarded <= OPEN
    assert len(pages()) >= len(AREAS)


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_who_has_no_role_sees_nothing(area):
    """Neither a stranger nor somebody without a role; a viewer sees what is for viewers."""
    rows()
    address = f"/{area.routes[0].pattern}"

    assert Client().get(address).status_code == 302
    assert desk_of(person("nobody")).get(address).status_code == 403
    expected = 200 if area.act is Act.VIEW else 403
    assert desk_of(person("viewer", RoleName.VIEWER)).get(address).status_code == expected
    assert desk_of(person("all", RoleName.ADMINISTRATOR)).get(address).status_code == 200
