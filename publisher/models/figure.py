"""What a network counts of a post that went out."""

from django.db import models

from publisher.models.placement import Placement


class FigureKind(models.TextChoices):
    """One vocabulary for every network's counts."""

    VIEWS = "views"  #: how often it was shown
    CLICKS = "clicks"
    LIKES = "likes"  #: reactions of any sort
    REPOSTS = "reposts"
    REPLIES = "replies"
    QUOTES = "quotes"


class NetworkFigure(models.Model):
    """One count of one placement, as it was when it was last read; of a thread, its first post."""

    placement = models.ForeignKey(
        Placement, on_delete=models.CASCADE, related_name="network_figures"
    )
    kind = models.CharField(max_length=10, choices=FigureKind)
    count = models.BigIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("placement", "kind"), name="one_figure_of_a_kind")
        ]
