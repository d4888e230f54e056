"""Run as a program of its own, so that a document that never ends can be stopped.

Reads JSON from standard input: source, fonts, memory (bytes), seconds. Writes the PDF to standard
output, or a sentence to standard error and ends with status 3. Imports nothing of ours.
"""

import json
import resource
import sys
import tempfile


def main() -> int:
    """Set one document."""
    told = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (told["memory"], told["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (told["seconds"], told["seconds"]))
    import typst

    with tempfile.TemporaryDirectory(prefix="publisher-typst-") as empty:
        compiler = typst.Compiler(
            root=empty,
            font_paths=[told["fonts"]],
            ignore_system_fonts=True,
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            made = compiler.compile(
                told["source"].encode(), format="pdf", pdf_standards=["ua-1"], timestamp=0
            )
        except typst.TypstError as error:
            hints = "; ".join(getattr(error, "hints", []))
            sys.stderr.write(f"{error}" + (f" ({hints})" if hints else ""))
            return 3
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
