"""Figures for Prometheus, read when they are asked for.

Deliveries are summed from the placements' own counters: counting a ledger of millions at each
scrape would cost more than sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, Min, Sum
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from publisher import __version__
from publisher.models import Placement, PlacementState

OUTCOMES = ("candidates", "accepted", "refused", "excluded", "uncertain")


def exposition() -> tuple[bytes, str]:
    """Give the figures as text, and its media type."""
    registry = CollectorRegistry()
    registry.register(Figures())
    return generate_latest(registry), CONTENT_TYPE_LATEST


class Figures(Collector):
    """What is in the database at this moment."""

    def collect(self) -> Iterator[Metric]:
        """Read and give each family of figures."""
        yield InfoMetricFamily("publisher", "This Publisher", {"version": __version__})
        yield _labelled("placements", "Placements by state", "state", _placements())
        yield _labelled("deliveries", "Deliveries by outcome", "outcome", _deliveries())
        due = _next_due()
        if due is not None:
            help_text = "When the next planned placement falls due, in Unix time"
            yield GaugeMetricFamily("publisher_next_due_timestamp_seconds", help_text, due)

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: it would need the database."""
        return ()


def _labelled(name: str, help_text: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(f"publisher_{name}", help_text, labels=[label])
    for value, figure in values:
        family.add_metric([value], figure)
    return family


def _placements() -> Iterator[tuple[str, int]]:
    rows = Placement.objects.order_by().values_list("state").annotate(number=Count("id"))
    numbers = dict(rows)
    for state in PlacementState:  # those at nought too, so that an alarm can watch for the first
        yield state.value, numbers.get(state.value, 0)


def _deliveries() -> Iterator[tuple[str, int]]:
    sums = Placement.objects.aggregate(**{outcome: Sum(outcome) for outcome in OUTCOMES})
    for outcome in OUTCOMES:
        yield outcome, sums[outcome] or 0


def _next_due() -> float | None:
    planned = Placement.objects.filter(state=PlacementState.PLANNED)
    due = planned.aggregate(due=Min("due_at"))["due"]
    return due.timestamp() if due else None
