"""Holds a document to what was keyed from it: python -m tests.results.check_source --source FILE."""

import argparse
import sys
from pathlib import Path

from tests.results.oracle.pack import load_pack, printed_problems
from tests.results.oracle.tables import load
from tests.results.oracle.text import expectations, file_problems, text_problems


def main(arguments: list[str] | None = None) -> int:
    """Prints a line for each mismatch; 0 when there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="the text of the document")
    parser.add_argument("--oracle", default="report_2023", help="name of the keyed tables")
    parser.add_argument("--pack", type=Path, help="a region's pack, to be read against the text, too")
    options = parser.parse_args(arguments)
    oracle = load(options.oracle)
    content = options.source.read_bytes()
    text = content.decode("utf-8")
    problems = [*file_problems(oracle, content), *text_problems(oracle, text)]
    if options.pack:
        problems += printed_problems(oracle, load_pack(options.pack), text.split("\n"))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    checked = sum(len(expected) for expected in expectations(oracle).values())
    sys.stdout.write(f"{checked} items checked, {len(problems)} mismatches\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
