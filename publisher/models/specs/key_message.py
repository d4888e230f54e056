"""What an audience should take away."""

from pydantic import Field

from publisher.models.specs.shared import Localised, Slug, Spec


class KeyMessageSpec(Spec):
    """`audiences/messages/<slug>.yaml`."""

    slug: Slug
    name: Localised  #: a few words, for tables
    text: Localised  #: the message itself, a sentence or two
    talking_points: dict[str, list[str]] = Field(default_factory=dict)  #: by language
    within: str = "60 days"  #: how long after its approval a promise of it is late
