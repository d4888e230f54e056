"""A group we address: who is in it, and what it should hear through what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from publisher.models.specs.shared import Localised, Slug, Spec
from publisher.models.specs.when import Duration

AttributeValue = str | int | bool
Seats = Literal["registered", "waiting", "attended", "absent"]


class RuleSpec(Spec):
    """Who is in an audience: a rule over readers' attributes, or a combination of rules.

    Exactly one of `attribute` (with `is` or `has`), `all`, `any`, `none`, `everyone` or `occasion`
    is said. `occasion` holds for those who registered for the occasion that an entry is about; in
    place of a consent, their registration says that they may be written to about it.
    """

    attribute: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{0,39}$")
    equals: list[AttributeValue] | None = Field(default=None, alias="is")  #: any of these
    has: AttributeValue | None = None  #: for an attribute that is a list
    all: list[RuleSpec] | None = None
    any: list[RuleSpec] | None = None
    none: list[RuleSpec] | None = None
    everyone: Literal[True] | None = None
    occasion: Seats | None = None

    model_config = {**Spec.model_config, "populate_by_name": True, "serialize_by_alias": True}

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        one = value.get("is") if isinstance(value, dict) else None
        if isinstance(value, dict) and one is not None and not isinstance(one, list):
            return {**value, "is": [one]}
        return value

    @model_validator(mode="after")
    def _one_thing(self) -> RuleSpec:
        said = [self.attribute, self.all, self.any, self.none, self.everyone, self.occasion]
        if sum(part is not None for part in said) != 1:
            raise ValueError("say one of attribute, all, any, none, everyone or occasion")
        if any(rule.seats for rule in (self.any or []) + (self.none or [])):
            # Else somebody could be written to who neither agreed nor registered.
            raise ValueError("occasion stands alone or below all, not below any or none")
        if self.attribute is not None and (self.equals is None) == (self.has is None):
            raise ValueError("an attribute needs either “is” or “has”")
        return self

    @property
    def seats(self) -> Seats | None:
        """Who of an occasion's registered it asks for; None: it does not ask."""
        inner = (rule.seats for rule in self.all or [])
        return self.occasion or next((one for one in inner if one), None)


class HearsSpec(Spec):
    """A row of the matrix: this audience hears this key message through these channels."""

    message: Slug
    through: list[Slug] = Field(min_length=1)
    within: Duration | None = None  #: how long after approval it is late, such as “30 days”
    why: Localised = Field(default_factory=dict)


class AudienceSpec(Spec):
    """`audiences/<slug>.yaml`."""

    slug: Slug
    name: Localised
    description: Localised = Field(default_factory=dict)
    kind: Literal["primary", "secondary"]
    part_of: Slug | None = None  #: the wider audience; a part is more specific than the whole
    organisations: list[Slug] = Field(default_factory=list)  #: whose it is; empty: everybody's
    who: RuleSpec
    hears: list[HearsSpec] = Field(default_factory=list)
