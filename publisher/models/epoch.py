"""Which life of the database this is: a restored back-up begins another."""

from django.db import models


class Epoch(models.Model):
    """One life; the newest is the present one, the older ones are known so that they are told."""

    name = models.CharField(max_length=32, unique=True)  #: hexadecimal digits, drawn by lot
    began_at = models.DateTimeField()
    #: what PostgreSQL says of itself: cluster and database, as `flows/epoch` writes them
    server = models.CharField(max_length=80)
    timeline = models.BigIntegerField()  #: PostgreSQL's; 0 where it may not be asked
    #: how often it was said since that this life goes on; on the machines' disks, too
    beat = models.BigIntegerField(default=0)
    beaten_at = models.DateTimeField()
