"""Write the reference pages from the code: `.venv/bin/python docs/reference/generate.py`.

The test-suite compares the pages with what this gives, so they cannot grow old.
"""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
HEAD = "<!-- Written by docs/reference/generate.py; change the code and run that. -->\n\n"


def settings_page() -> str:
    """Give the page of all settings."""
    from publisher.settings import Settings

    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"PUBLISHER_{name.upper()}"
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{variable}` | {default} | {field.description} |")
    return f"{HEAD}# Settings\n\nAll come from the environment.\n\n" + "\n".join(rows) + "\n"


def commands_page() -> str:
    """Give the page of all commands."""
    import typer.main

    from publisher.cli import main

    if not main.app.registered_commands:
        main._gather("")  # what the command itself does first
    group = typer.main.get_command(main.app)
    parts = [_command(f"publisher {name}", one) for name, one in sorted(group.commands.items())]  # type: ignore[attr-defined]
    return f"{HEAD}# Commands\n\nA wrong argument or a bad plan ends with exit status 2.\n\n" + (
        "\n".join(parts)
    )


def _command(name: str, command: object) -> str:
    children = getattr(command, "commands", None)
    if children:
        return "\n".join(
            _command(f"{name} {one}", child) for one, child in sorted(children.items())
        )
    lines = [f"## `{name}`", "", " ".join((command.help or "").split()), ""]  # type: ignore[attr-defined]
    for parameter in command.params:  # type: ignore[attr-defined]
        shown = ", ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            shown = f"`{parameter.name.upper()}`"
        told = getattr(parameter, "help", None) or ""
        if parameter.name != "help":
            lines.append(f"- {shown}: {told}" if told else f"- {shown}")
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"settings.md": settings_page, "commands.md": commands_page}

if __name__ == "__main__":
    os.environ.setdefault("PUBLISHER_DATA", "var")
    from publisher.startup import start

    start(database=False)
    for page, made in PAGES.items():
        (HERE / page).write_text(made())
