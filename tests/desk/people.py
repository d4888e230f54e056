"""People at the desk, for tests."""

from __future__ import annotations

from django.test import Client

from publisher.models import Organisation, Person, Role, RoleName


def person(name: str = "ana", role: str = "", organisation: str = "iso") -> Person:
    """Make somebody, with a role in an organisation that is there."""
    made, new = Person.objects.get_or_create(username=name, defaults={"full_name": name.title()})
    if new:
        made.set_unusable_password()  # such a person is not asked for it again before grave acts
        made.save()
    if role:
        whose = Organisation.objects.get(slug=organisation)
        Role.objects.create(person=made, organisation=whose, name=RoleName(role))
    return made


def everywhere(name: str, role: str) -> Person:
    """Make somebody with the same role in every organisation that is there."""
    for slug in Organisation.objects.values_list("slug", flat=True):
        person(name, role, slug)
    return person(name)


def desk_of(who: Person) -> Client:
    """Give a browser of sorts in which somebody is signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(who)
    return client
