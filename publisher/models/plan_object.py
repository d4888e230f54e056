"""What every noun of the plan shares: who owns it, where it is written, what was last applied."""

from typing import ClassVar

from django.db import models

from publisher.models.specs import Spec


class Owner(models.TextChoices):
    """Which side an object is written on."""

    FILE = "file"
    DESK = "desk"


class PlanObject(models.Model):
    """A noun whose content is a spec, kept as JSON beside the columns that queries need.

    Comparing `spec` (what the database says) and a file's spec against `applied` (what both said
    after the last apply) tells who changed it: one side, the other, or both.
    """

    #: the pydantic model of `spec`
    shape: ClassVar[type[Spec]]
    #: the word for it in `publisher plan`
    kind: ClassVar[str]

    slug = models.CharField(max_length=200, unique=True)
    spec = models.JSONField()
    applied = models.JSONField(null=True)
    owner = models.CharField(max_length=4, choices=Owner, default=Owner.FILE)
    path = models.CharField(max_length=300, blank=True)
    #: since when it is no longer in the plan. It stays for as long as something that was sent, or
    #: a consent, names it; what comes back into the plan is the same object again.
    retired_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug
