"""What a form looks like, kept in the database so that workers need no files."""

from functools import cached_property

from publisher.models.plan_object import PlanObject
from publisher.models.specs import TemplateSpec


class Template(PlanObject):
    """See `TemplateSpec`; its slug is its path below `templates/`."""

    shape = TemplateSpec
    kind = "template"

    @cached_property
    def said(self) -> TemplateSpec:
        """Its spec as a typed value."""
        return TemplateSpec.model_validate(self.spec)
