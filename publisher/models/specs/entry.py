"""A dated thing in the calendar: words, the key messages they serve, and when."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from publisher.kit.recurrence import checked_rule
from publisher.models.specs.occasion import OccasionSpec
from publisher.models.specs.shared import Language, Localised, Slug, Spec, Zone
from publisher.models.specs.when import BeforeEvent, Duration, When

IcsField = Annotated[str, Field(pattern=r"^\d\d(\.\d{3}(\.\d\d)?)?$")]
ItemState = Literal[
    "proposal", "drafting", "enquiry", "approval", "published", "withdrawn", "cancelled"
]


def _rule(text: str) -> str:
    checked_rule(text)
    return text


class PictureSpec(Spec):
    """A picture beside the entry's file; without words for who cannot see it, it is refused."""

    file: str
    alt: Localised = Field(min_length=1)


class AnnexSpec(Spec):
    """A file that a board's paper is handed in with, in the order of the paper's list."""

    file: str
    title: Localised = Field(min_length=1)


class LandscapeSpec(Spec):
    """Which work items a landscape or circulation shows: what fits every line that is said."""

    #: such as "35" or "35.020", with quotes; a work item that has no code of the ICS counts as of
    #: its committee's field
    ics: list[IcsField] = Field(default_factory=list)
    #: and what is below them: `ISO/IEC JTC 1` has `ISO/IEC JTC 1/SC 42`
    committees: list[str] = Field(default_factory=list)
    organisations: list[Slug] = Field(default_factory=list)
    states: list[ItemState] = Field(default_factory=list)  #: empty: all that is alive


class Variant(Spec):
    """Words for some of the cells. What is not said fits every cell; the most specific wins.

    In a file: a block from `::: for language=fr form=post` to `:::`; the words outside any
    block are the default in the entry's first language.
    """

    language: Language
    audience: Slug | None = None
    organisation: Slug | None = None
    channel: Slug | None = None
    form: Slug | None = None
    #: Markdown (CommonMark and tables), with Jinja2 expressions officers may use
    words: str = Field(min_length=1)


class EntrySpec(Spec):
    """`calendar/<slug>.md`: front matter, then the words in Markdown."""

    slug: Slug
    title: Localised = Field(min_length=1)
    summary: Localised = Field(default_factory=dict)  #: preheader, feed summary, description
    when: When
    zone: Zone | None = None  #: else that of the first organisation it speaks for
    #: an RRULE of RFC 5545, FREQ=DAILY or slower
    repeat: Annotated[str, AfterValidator(_rule)] | None = None
    until: date | None = None
    skip: list[date] = Field(default_factory=list)
    late_after: Duration = "1 day"  #: what has not gone out by then is *missed*
    audiences: list[Slug] = Field(min_length=1)
    messages: list[Slug] = Field(min_length=1)
    channels: list[Slug] = Field(default_factory=list)  #: narrows the matrix; empty: all of it
    #: whose yes it needs besides the outlet's own organisation's: a joint entry names several
    speaks_for: list[Slug] = Field(default_factory=list)
    link: str = ""  #: where to read more
    pictures: list[PictureSpec] = Field(default_factory=list)
    annexes: Annotated[list[AnnexSpec], Field(max_length=30)] = Field(default_factory=list)
    partner_feed: str = ""  #: a feed whose newest items stand at the end of a newsletter
    landscape: LandscapeSpec | None = None  #: for the forms that show work items
    occasion: OccasionSpec | None = None  #: what it invites to
    #: the entry whose occasion it invites to again, as when that was moved or is cancelled
    invites_to: Slug | None = None
    words: list[Variant] = Field(min_length=1)

    @model_validator(mode="after")
    def _repeats_once(self) -> Self:
        if self.repeat and isinstance(self.when, BeforeEvent):
            raise ValueError("an entry that hangs on an event repeats with it; leave repeat out")
        if self.occasion and self.invites_to:
            raise ValueError("an entry has an occasion of its own or invites to another's")
        return self

    @property
    def languages(self) -> list[str]:
        """The languages the entry has words in, in the order of the file."""
        return list(dict.fromkeys(variant.language for variant in self.words))
