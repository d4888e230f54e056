"""The shapes of the plan: what a file may say, as pydantic models, one file a noun.

A spec is a plain value: it knows neither the database nor the file it came from.
"""

from publisher.models.specs.audience import AudienceSpec, HearsSpec, RuleSpec
from publisher.models.specs.channel import ChannelSpec, OutletSpec, PaceSpec, QuietSpec
from publisher.models.specs.entry import EntrySpec, LandscapeSpec, PictureSpec, Variant
from publisher.models.specs.event import EventSpec
from publisher.models.specs.key_message import KeyMessageSpec
from publisher.models.specs.occasion import OccasionSpec
from publisher.models.specs.organisation import ChoiceSpec, OrganisationSpec, SenderSpec
from publisher.models.specs.plan import PictureFile, Plan
from publisher.models.specs.shared import Localised, Slug, Spec, in_language
from publisher.models.specs.template import TemplateSpec
from publisher.models.specs.when import AtWallTime, BeforeEvent, OnLaunch, When

__all__ = [
    "AtWallTime",
    "AudienceSpec",
    "BeforeEvent",
    "ChannelSpec",
    "ChoiceSpec",
    "EntrySpec",
    "EventSpec",
    "HearsSpec",
    "KeyMessageSpec",
    "LandscapeSpec",
    "Localised",
    "OccasionSpec",
    "OnLaunch",
    "OrganisationSpec",
    "OutletSpec",
    "PaceSpec",
    "PictureFile",
    "PictureSpec",
    "Plan",
    "QuietSpec",
    "RuleSpec",
    "SenderSpec",
    "Slug",
    "Spec",
    "TemplateSpec",
    "Variant",
    "When",
    "in_language",
]
