"""The menu: channels, and the organisations' own outlets on them."""

from functools import cached_property

from django.db import models

from publisher.models.organisation import Organisation
from publisher.models.plan_object import PlanObject
from publisher.models.specs import ChannelSpec, ChoiceSpec, OutletSpec


class Channel(PlanObject):
    """See `ChannelSpec`."""

    shape = ChannelSpec
    kind = "channel"

    @cached_property
    def said(self) -> ChannelSpec:
        """Its spec as a typed value."""
        return ChannelSpec.model_validate(self.spec)


class Outlet(PlanObject):
    """See `OutletSpec`."""

    shape = OutletSpec
    kind = "outlet"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="outlets")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outlets")

    @cached_property
    def said(self) -> OutletSpec:
        """Its spec as a typed value."""
        return OutletSpec.model_validate(self.spec)


class Choice(PlanObject):
    """See `ChoiceSpec`; its slug is `<outlet>/<audience>`."""

    shape = ChoiceSpec
    kind = "choice"

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="choices")
    audience = models.ForeignKey("Audience", on_delete=models.CASCADE, related_name="choices")

    @cached_property
    def said(self) -> ChoiceSpec:
        """Its spec as a typed value."""
        return ChoiceSpec.model_validate(self.spec)
