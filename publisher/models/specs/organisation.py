"""A body that speaks, and what it chose from the menu."""

from pydantic import Field, StrictBool, field_validator

from publisher.models.specs.shared import Language, Localised, Slug, Spec, Zone


class SenderSpec(Spec):
    """Who a mail says it comes from."""

    name: str
    address: str  #: an addr-spec, RFC 5322 §3.4.1
    reply_to: str = ""

    @field_validator("name", "address", "reply_to")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(ord(letter) < 32 for letter in value):
            raise ValueError("a sender's name and address stand on one line")
        return value


class ChoiceSpec(Spec):
    """An organisation switches an outlet on or off for an audience."""

    outlet: Slug
    audience: Slug
    use: StrictBool
    reason: Localised


class OrganisationSpec(Spec):
    """`channels/organisations/<slug>.yaml`, less its choices."""

    slug: Slug
    name: Localised
    short: str  #: what people call it: ISO, IEC, ITU-T
    languages: list[Language] = Field(min_length=1)  #: the first is the one it falls back to
    time_zone: Zone
    website: str
    postal_address: str  #: printed in each newsletter, as several laws ask
    sender: SenderSpec
    #: the rule of two: who wrote an entry's words does not say yes to them for it
    second_person: StrictBool = False
    #: who has a role in it opens the desk with more than a password
    second_factor: StrictBool = False
    #: colour names to CSS colours: `main` and the `ink` printed on it, with contrast ≥ 4.5 : 1
    brand: dict[str, str] = Field(default_factory=lambda: {"main": "#1f3a5f", "ink": "#ffffff"})
