"""What came back later."""

from django.db import models

from publisher.models.delivery import Delivery, this_month


class FeedbackKind(models.TextChoices):
    """One vocabulary for every service's events."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    LEFT = "left"


class Feedback(models.Model):
    """A service's later word on a delivery; a repeat of the same event is recognised.

    Kept by months, like the delivery and with it.
    """

    # A key over all months is nothing that PostgreSQL can hold to.
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="feedback", db_constraint=False
    )
    month = models.DateField(default=this_month)  #: the delivery's
    kind = models.CharField(max_length=12, choices=FeedbackKind)
    key = models.CharField(max_length=200)  #: the service's own id of the event
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key", "month"), name="one_word_once")]
