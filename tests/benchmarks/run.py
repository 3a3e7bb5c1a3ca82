"""`make bench`: figures measured side by side in one run, kept as RESULTS.md beside this file.

CPU time but where it says otherwise, as ratios that have bounds. Ends with 1 when one is broken.
"""

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import growth
import start_up
import stores
from measuring import Bound, Report, Table, machine

KEPT = Path(__file__).parent / "RESULTS.md"


def codec(_: Path) -> Report:
    """Return the figures of the Candid codec, where there is another one to measure it by."""
    if find_spec("icp_candid") is None:
        print("icp-py-core is not installed, so the Candid codec is not measured")
        return Report([], [])
    import candid_codec

    return candid_codec.measure()


def told(table: Table) -> str:
    """Return a table in Markdown, which can also be read as it is."""
    lines = [table.columns, *table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.columns))]
    head, *rows = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"## {table.heading}", "", head, rule, *rows]) + "\n"


def verdicts(bounds: list[Bound]) -> Table:
    """Return every figure that has a bound, and whether it is kept."""
    rows = [
        [
            each.what,
            f"{each.figure:,.2f}",
            f"{'at least' if each.least else 'at most'} {each.bound:,g}",
            "yes" if each.holds else "NO",
        ]
        for each in bounds
    ]
    return Table("Bounds", ["figure", "is", "may be", "kept"], rows)


def main() -> int:
    """Measure everything, print and keep it, and return 1 when a bound is broken."""
    title = f"# Figures\n\nMade by `make bench` on {machine()}.\n"
    print(title)
    written, bounds = [title], []
    with tempfile.TemporaryDirectory(prefix="originstamp-bench-") as name:
        folder = Path(name)
        for part in (start_up.measure, stores.measure, growth.measure, codec):
            report = part(folder)
            bounds += report.bounds
            for table in report.tables:
                written.append(told(table))
                print(written[-1])
    written.append(told(verdicts(bounds)))
    print(written[-1])
    KEPT.write_text("\n".join(written), encoding="utf-8")
    return 0 if all(each.holds for each in bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
