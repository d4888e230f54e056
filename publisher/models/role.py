"""What somebody may do, organisation by organisation."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.person import Person


class Act(models.TextChoices):
    """Each thing that needs leave."""

    VIEW = "view"  #: the plan, words and figures, but nobody's address
    EDIT = "edit"  #: the plan: entries, the matrix, choices
    APPROVE = "approve"  #: say yes or no to words for the organisation
    PUBLISH = "publish"  #: send now, pause, resume, cancel, decide what is uncertain
    READERS = "readers"  #: see, import, export and erase readers and their addresses
    ADMINISTER = "administer"  #: people, roles, accounts, tokens, the audit trail


class RoleName(models.TextChoices):
    """What a person is to an organisation."""

    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


#: what each role may do
MAY: Mapping[str, frozenset[Act]] = {
    RoleName.VIEWER: frozenset({Act.VIEW}),
    RoleName.EDITOR: frozenset({Act.VIEW, Act.EDIT}),
    RoleName.APPROVER: frozenset({Act.VIEW, Act.APPROVE}),
    RoleName.PUBLISHER: frozenset({Act.VIEW, Act.EDIT, Act.PUBLISH, Act.READERS}),
    RoleName.ADMINISTRATOR: frozenset(Act),
}


class Role(models.Model):
    """One role of one person in one organisation; a person may hold several."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=13, choices=RoleName)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("person", "organisation", "name"), name="one_role_of_a_name"
            )
        ]
