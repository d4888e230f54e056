"""What the organisations work on, and the index in which alike titles are found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from publisher.models.organisation import Organisation


class WorkItemState(models.TextChoices):
    """How far a work item is, whatever its organisation calls that."""

    PROPOSAL = "proposal"
    DRAFTING = "drafting"
    ENQUIRY = "enquiry"
    APPROVAL = "approval"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class WorkItem(models.Model):
    """A proposal, project or published document of one organisation; one row an edition."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="work_items"
    )
    identifier = models.CharField(max_length=200)  #: as the organisation writes it
    #: the editions, drafts and amendments of one document share it: `9594-8`, `ITU-T X.509`
    work = models.CharField(max_length=200, db_index=True)
    #: `work`, and the further names of a document that has two numbers, as `ITU-T F.400/X.400`
    works = ArrayField(models.CharField(max_length=200), default=list)
    #: works of other organisations that its record says it is the same text as
    same_as = ArrayField(models.CharField(max_length=200), default=list)
    #: works that its title or scope names
    mentions = ArrayField(models.CharField(max_length=200), default=list)
    title = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    words = ArrayField(models.TextField(), default=list)  #: `landscape.normalise.words` of title
    committees = ArrayField(models.CharField(max_length=300), default=list)
    ics = ArrayField(models.CharField(max_length=20), default=list)  #: such as `35.100.70`
    stage = models.CharField(max_length=60, blank=True)  #: as the organisation writes it
    stage_code = models.CharField(max_length=5, blank=True)  #: ISO's harmonised code, as `60.60`
    state = models.CharField(
        max_length=10, choices=WorkItemState, default=WorkItemState.UNKNOWN, db_index=True
    )
    edition = models.CharField(max_length=20, blank=True)
    published = models.CharField(max_length=10, blank=True)  #: `2024`, `2024-08` or `2024-08-31`
    url = models.TextField(blank=True)
    source = models.CharField(max_length=300)  #: the file or feed it came from
    #: titles that other lines or sources give to this very identifier, by source; a person
    #: decides, nobody guesses
    conflicts = models.JSONField(default=dict)
    #: what a person decided about conflicts: title, over (the titles not meant), by, at, why
    decided = models.JSONField(default=dict)
    #: until when comments are asked for, as `published`; empty: the source does not say
    answer_by = models.CharField(max_length=10, blank=True)
    answer_to = models.CharField(max_length=300, blank=True)  #: who takes them: name or address
    #: proposed on our form, and nobody of the secretariat has confirmed that it is meant
    unconfirmed = models.BooleanField(default=False, db_default=False)
    #: since when its source, read again, does not name it any more; no document shows it then
    missing_since = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "identifier"), name="one_work_item_per_identifier"
            )
        ]
        indexes = [
            GinIndex(fields=("works",), name="work_items_works"),
            GinIndex(fields=("same_as",), name="work_items_same_as"),
        ]

    def __str__(self) -> str:
        return self.identifier


class Gathering(models.Model):
    """When one source was last read, whether or not it had anything new."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="gatherings"
    )
    source = models.CharField(max_length=300)  #: as `WorkItem.source`
    at = models.DateTimeField()
    items = models.IntegerField()  #: identifiers it named

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "source"), name="one_gathering_per_source"
            )
        ]

    def __str__(self) -> str:
        return self.source


class IndexedTitle(models.Model):
    """A title that a work has or had, once; written anew by each indexing."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="+")  #: its newest
    work = models.CharField(max_length=200)
    title = models.TextField()
    words = ArrayField(models.TextField())
    lexemes = SearchVectorField()  #: the words as PostgreSQL finds them

    class Meta:
        indexes = [GinIndex(fields=("lexemes",), name="indexed_titles_lexemes")]


class IndexedWord(models.Model):
    """In how many of the indexed titles a word stands; the empty word: how many there are."""

    word = models.TextField(primary_key=True)
    titles = models.IntegerField()

    def __str__(self) -> str:
        return self.word
