"""One part of a form's look."""

from pydantic import Field

from publisher.models.specs.shared import Spec


class TemplateSpec(Spec):
    """A file below `templates/`: a Jinja2 source, or the labels of the interface."""

    slug: str  #: its path below `templates/`, such as `newsletter/html.mjml.j2`
    source: str = Field(repr=False, max_length=500_000)
