"""New work that somebody proposes on a form, with what was found that is like it."""

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.person import Person
from publisher.models.work_item import WorkItem


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    ASKED = "asked"  #: not confirmed by mail yet; nobody sees it
    FILED = "filed"  #: its mailbox is proven; the secretariat has not spoken
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  #: by its proposer


class Proposal(models.Model):
    """One proposal for new work, as its form was filled in."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals"
    )
    state = models.CharField(
        max_length=10, choices=ProposalState, default=ProposalState.ASKED, db_index=True
    )
    #: as its papers cite it, such as `ISO/P 2027-3`; empty until it is filed
    reference = models.CharField(max_length=40, blank=True)
    year = models.IntegerField(null=True)
    number = models.IntegerField(null=True)
    language = models.CharField(max_length=12)
    fields = models.JSONField()  #: by the names of `render.work_item_forms`, without the person's
    #: the search that was made for it: `searched`, `titles`, `organisations`, and `found`, a list
    #: of what is like it with `why`, `likely` and the proposer's `answer`
    evidence = models.JSONField()
    name = models.CharField(max_length=200, blank=True)  #: of who proposes; blank once erased
    address = models.CharField(max_length=320, blank=True)  #: likewise
    body = models.CharField(max_length=300, blank=True)  #: for whom; likewise
    asked_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)  #: why it was refused
    #: its line in the landscape
    item = models.OneToOneField(
        WorkItem, on_delete=models.SET_NULL, null=True, related_name="proposed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "year", "number"), name="one_proposal_per_number"
            )
        ]

    def __str__(self) -> str:
        return self.reference
