"""Run as a program of its own, so that a document that never ends can be stopped.

Reads JSON from standard input: source, fonts, memory (bytes), seconds, beside (files in base64),
and pictures: whether its pages are wanted as PNG, 72 dots to the inch, instead of a PDF. Writes
the PDF, or each picture after its length in four bytes, to standard output, or a sentence to
standard error and ends with status 3. Imports nothing of ours.
"""

import json
import resource
import sys
import tempfile
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst


def main() -> int:
    """Set one document."""
    told = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (told["memory"], told["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (told["seconds"], told["seconds"]))
    import typst

    with tempfile.TemporaryDirectory(prefix="publisher-typst-") as empty:
        for name, content in told.get("beside", {}).items():
            Path(empty, name).write_bytes(b64decode(content))
        compiler = typst.Compiler(
            root=empty,
            font_paths=[told["fonts"]],
            ignore_system_fonts=True,
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            made = _made(compiler, told)
        except typst.TypstError as error:
            hints = "; ".join(getattr(error, "hints", []))
            sys.stderr.write(f"{error}" + (f" ({hints})" if hints else ""))
            return 3
    sys.stdout.buffer.write(made)
    return 0


def _made(compiler: "typst.Compiler", told: dict[str, object]) -> bytes:
    source = str(told["source"]).encode()
    # For pictures, too: only PDF/UA refuses letters that no font has.
    document = compiler.compile(source, format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not told.get("pictures"):
        assert isinstance(document, bytes)
        return document
    made = compiler.compile(source, format="png", ppi=72.0)
    pages = [page for page in (made if isinstance(made, list) else [made]) if page]
    return b"".join(len(page).to_bytes(4, "big") + page for page in pages)


if __name__ == "__main__":
    sys.exit(main())
