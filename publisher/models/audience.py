"""Who hears what: audiences with their rows of the matrix, and the key messages."""

from functools import cached_property

from publisher.models.plan_object import PlanObject
from publisher.models.specs import AudienceSpec, KeyMessageSpec


class Audience(PlanObject):
    """See `AudienceSpec`."""

    shape = AudienceSpec
    kind = "audience"

    @cached_property
    def said(self) -> AudienceSpec:
        """Its spec as a typed value."""
        return AudienceSpec.model_validate(self.spec)


class KeyMessage(PlanObject):
    """See `KeyMessageSpec`."""

    shape = KeyMessageSpec
    kind = "key message"

    @cached_property
    def said(self) -> KeyMessageSpec:
        """Its spec as a typed value."""
        return KeyMessageSpec.model_validate(self.spec)
