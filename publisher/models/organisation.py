"""A body that speaks."""

from functools import cached_property

from publisher.models.plan_object import PlanObject
from publisher.models.specs import OrganisationSpec


class Organisation(PlanObject):
    """See `OrganisationSpec`."""

    shape = OrganisationSpec
    kind = "organisation"

    @cached_property
    def said(self) -> OrganisationSpec:
        """Its spec as a typed value."""
        return OrganisationSpec.model_validate(self.spec)
