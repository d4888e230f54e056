"""The calendar: entries, the events they hang on, and their pictures."""

from functools import cached_property

from django.db import models

from publisher.models.plan_object import PlanObject
from publisher.models.specs import EntrySpec, EventSpec


class Entry(PlanObject):
    """See `EntrySpec`."""

    shape = EntrySpec
    kind = "entry"

    #: when this database first saw it: occurrences long before that never existed
    first_applied_at = models.DateTimeField()

    @cached_property
    def said(self) -> EntrySpec:
        """Its spec as a typed value."""
        return EntrySpec.model_validate(self.spec)


class Event(PlanObject):
    """See `EventSpec`."""

    shape = EventSpec
    kind = "event"

    @cached_property
    def said(self) -> EventSpec:
        """Its spec as a typed value."""
        return EventSpec.model_validate(self.spec)


class Picture(models.Model):
    """A picture of an entry, or a form's master, kept by its content: what was approved stays."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    #: where the plan has it now, relative to the plan folder; empty: no longer in the plan
    paths = models.JSONField(default=list)
    #: those of them that the desk put there and no file has yet: `apply` leaves them alone
    desk_paths = models.JSONField(default=list)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    #: when somebody uploaded it, until an entry that shows it is saved; null: that has happened
    waits_since = models.DateTimeField(null=True)
