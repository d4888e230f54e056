"""`publisher doctor`: what would keep it from doing its work."""

from __future__ import annotations

from dataclasses import asdict

import typer

from publisher.cli.screen import AsJson, columns, show
from publisher.flows.examine import examine
from publisher.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Examine the installation; exit status 1 if something must be mended."""
    findings = examine(settings())
    drawn = columns("", "what", "finding")
    for finding in findings:
        drawn.add_row("✓" if finding.well else "✗", finding.subject, finding.sentence)
    show([asdict(finding) for finding in findings], drawn, as_json=as_json)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)
