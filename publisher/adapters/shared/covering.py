"""What adapters share that publish by themselves and have another one carry the mails to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from publisher.adapters import registry
from publisher.models.adapter import Adapter, Capabilities, Consignment, Outcome, Parcel
from publisher.models.errors import WillNeverWork
from publisher.models.specs import OutletSpec


class Covering:
    """An adapter whose mails travel by the one that the outlet's setting `mail` names."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Ask the adapter that carried the mail."""
        return await self._mail(consignment.outlet).ask(consignment, parcel)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """Check the setting `mail`; the other settings are the named adapter's."""
        try:
            mail = self._mail(outlet)
        except WillNeverWork as error:
            return [str(error)]
        others = {name: value for name, value in outlet.settings.items() if name != "mail"}
        carried = outlet.model_copy(update={"adapter": mail.name, "settings": others})
        return mail.check(carried, credential)

    def _mail(self, outlet: OutletSpec) -> Adapter:
        """Give the adapter that carries the mails.

        Raises:
            WillNeverWork: the setting names none, or one that does not carry this by mail.
        """
        name = str(outlet.settings.get("mail", ""))
        if not name:
            raise WillNeverWork("say which adapter carries the mails, such as mail: smtp")
        mail = registry.adapter(name)
        if mail.name == self.name or not self.capabilities.forms <= mail.capabilities.forms:
            raise WillNeverWork(f"mail: “{name}” does not carry mail")
        return mail
