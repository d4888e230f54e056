"""What an audience should take away."""

from pydantic import Field

from publisher.models.specs.shared import Localised, Slug, Spec
from publisher.models.specs.when import Duration


class KeyMessageSpec(Spec):
    """`audiences/messages/<slug>.yaml`."""

    slug: Slug
    name: Localised  #: a few words, for tables
    text: Localised  #: the message itself, a sentence or two
    talking_points: dict[str, list[str]] = Field(default_factory=dict)  #: by language
    within: Duration = "60 days"  #: how long after its approval a promise of it is late
