"""Pages whose code is loaded when somebody first asks for one of them."""

from __future__ import annotations

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class Later(URLResolver):
    """Addresses below a prefix that nothing else ever names: so finding others loads nothing."""

    def __init__(self, prefix: str, module: str) -> None:
        super().__init__(RoutePattern(prefix), module, app_name="later", namespace=module)

    def _populate(self) -> None:
        """Leave the names of these addresses unread: `reverse` is never asked for one."""
