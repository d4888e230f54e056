"""A small plan to draw matrices and calendars from."""

from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    ChoiceSpec,
    EntrySpec,
    KeyMessageSpec,
    OrganisationSpec,
    OutletSpec,
    Plan,
)


def organisation(slug="iso", **said):
    return OrganisationSpec.model_validate(
        {
            "slug": slug,
            "name": slug.upper(),
            "short": slug.upper(),
            "languages": ["en", "fr"],
            "time_zone": "Europe/Zurich",
            "website": f"https://{slug}.example.org",
            "postal_address": "1 Street, Town",
            "sender": {"name": slug.upper(), "address": f"news@{slug}.example.org"},
            **said,
        }
    )


def channel(slug="newsletter", **said):
    return ChannelSpec.model_validate(
        {"slug": slug, "name": slug, "description": slug, "form": slug, **said}
    )


def outlet(organisation="iso", channel="newsletter", **said):
    return OutletSpec.model_validate(
        {
            "slug": f"{organisation}-{channel}",
            "organisation": organisation,
            "channel": channel,
            "adapter": "capture",
            "languages": ["en", "fr"],
            **said,
        }
    )


def audience(slug="members", *, hears=None, **said):
    hears = hears if hears is not None else [{"message": "together", "through": ["newsletter"]}]
    return AudienceSpec.model_validate(
        {
            "slug": slug,
            "name": slug,
            "kind": "primary",
            "who": {"everyone": True},
            "hears": hears,
            **said,
        }
    )


def message(slug="together", **said):
    return KeyMessageSpec.model_validate({"slug": slug, "name": slug, "text": slug, **said})


def choice(outlet="iso-newsletter", audience="members", *, use=True):
    return ChoiceSpec(outlet=outlet, audience=audience, use=use, reason={"en": "It suits us."})


def entry(slug="statement", **said):
    return EntrySpec.model_validate(
        {
            "slug": slug,
            "title": slug,
            "when": "2027-03-12 09:00",
            "zone": "Europe/Zurich",
            "audiences": ["members"],
            "messages": ["together"],
            "words": [{"language": "en", "words": "Words."}],
            **said,
        }
    )


def plan(*specs):
    """Put specs into a plan; what is not said is one organisation with a newsletter to members."""
    said = {OrganisationSpec: [], ChannelSpec: [], OutletSpec: [], AudienceSpec: []} | {
        KeyMessageSpec: [], ChoiceSpec: [], EntrySpec: []
    }  # fmt: skip
    for spec in specs:
        said[type(spec)].append(spec)
    usual = [organisation(), channel(), outlet(), audience(), message(), choice()]
    for spec in usual:
        said[type(spec)] = said[type(spec)] or [spec]
    by_slug = {kind: {one.slug: one for one in found} for kind, found in said.items()
               if kind is not ChoiceSpec}  # fmt: skip
    return Plan(
        organisations=by_slug[OrganisationSpec],
        channels=by_slug[ChannelSpec],
        outlets=by_slug[OutletSpec],
        audiences=by_slug[AudienceSpec],
        messages=by_slug[KeyMessageSpec],
        entries=by_slug[EntrySpec],
        choices={f"{one.outlet}/{one.audience}": one for one in said[ChoiceSpec]},
    )
