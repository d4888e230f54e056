"""One part of a form's look."""

from typing import Annotated

from pydantic import AfterValidator, Field

from publisher.models.specs.shared import Spec


def _below(path: str) -> str:
    """Refuse a path that would lead out of its folder, or that no file should have."""
    parts = path.split("/")
    plain = not any(letter in path for letter in "\\\0\r\n") and len(path) <= 200
    if not plain or any(not part or part.startswith(".") for part in parts):
        raise ValueError("a template's name is a path such as newsletter/html.mjml.j2")
    return path


class TemplateSpec(Spec):
    """A file below `templates/`: a Jinja2 source, or the labels of the interface."""

    #: its path below `templates/`, such as `newsletter/html.mjml.j2`
    slug: Annotated[str, AfterValidator(_below)]
    source: str = Field(repr=False, max_length=500_000)
