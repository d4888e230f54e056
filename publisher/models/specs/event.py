"""An event that entries hang on, read from `calendar/*.ics`."""

from pydantic import Field

from publisher.models.specs.shared import Slug, Spec


class EventSpec(Spec):
    """One VEVENT with its recurrences; its slug is the file's name and its own summary's."""

    slug: Slug
    uid: str
    summary: str
    ics: str = Field(repr=False)  #: the VCALENDAR holding the VEVENT and its overrides
