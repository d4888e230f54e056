"""Which adapters there are: entry points, so that a package of yours can bring another."""

from functools import cache
from importlib.metadata import entry_points

from publisher.models.adapter import Adapter
from publisher.models.errors import WillNeverWork

GROUP = "publisher.adapters"


def names() -> list[str]:
    """Give the names of all installed adapters, sorted."""
    return sorted(point.name for point in entry_points(group=GROUP))


@cache
def adapter(name: str) -> Adapter:
    """Load an adapter.

    Raises:
        WillNeverWork: no installed package brings one of that name.
    """
    for point in entry_points(group=GROUP, name=name):
        made: Adapter = point.load()()
        return made
    raise WillNeverWork(f"there is no adapter “{name}”; there are {', '.join(names())}")
