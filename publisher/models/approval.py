"""Who said yes to which words."""

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.person import Person
from publisher.models.placement import Placement
from publisher.models.rendition import Rendition


class Vote(models.TextChoices):
    """What an approver says."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not yet"


class Approval(models.Model):
    """One organisation's vote on the frozen words of one placement; rows are only added.

    It counts while the placement's rendition is the one it names: editing un-approves, and
    going back to the same words makes it count again.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="approvals")
    rendition = models.ForeignKey(Rendition, on_delete=models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="approvals"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approvals")
    vote = models.CharField(max_length=8, choices=Vote)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("placement", "organisation", "-at"))]
