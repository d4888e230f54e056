"""What came back later."""

from django.db import models

from publisher.models.delivery import Delivery


class FeedbackKind(models.TextChoices):
    """One vocabulary for every service's events."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    LEFT = "left"


class Feedback(models.Model):
    """A service's later word on a delivery; a repeat of the same event is recognised."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=12, choices=FeedbackKind)
    key = models.CharField(max_length=200, unique=True)  #: the service's own id of the event
    detail = models.TextField(blank=True)
    at = models.DateTimeField()
