"""``python -m harness.review RUN-FOLDER``: measure what scenarios cost, into the file that comes with the package.

What a run has not run keeps its figures, as long as the suite has it.
"""

import json
import sys
from pathlib import Path

from harness.declaration import load_declaration
from harness.errors import UsageError
from harness.evidence.trace import read_trace
from harness.report.atomic import write_text
from harness.report.run_folder import RunFolder
from harness.review.cost import COSTS_FILE, CostTable, measure, packaged_costs
from harness.run.suite import load_suite

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Return 0, or 3 for a wrong argument; a run over all doors of the reference meter gives the fullest table."""
    if len(arguments) != 1:
        print("usage: python -m harness.review RUN-FOLDER", file=sys.stderr)
        return 3
    try:
        folder = RunFolder.open(Path(arguments[0]))
        doors = load_declaration(folder.declaration).doors
        protocols = {door.id: door.protocol for door in doors}
        table = measure(read_trace(folder.trace), protocols, {door.id: door.scheme for door in doors})
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    suite = load_suite().scenarios.values()
    known = {f"{source.id}.{row}" if row else source.id for source in suite for row in source.rows or ("",)}
    kept = {name: costs for name, costs in packaged_costs().costs.items() if name in known}
    table = CostTable(costs={**kept, **{name: costs for name, costs in table.costs.items() if name in known}})
    document = table.to_json()
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(entry)}" for name, entry in document.pop("costs").items())
    head = json.dumps(document)[:-1]
    write_text(COSTS_FILE, f'{head}, "costs": {{\n{lines}\n}}}}\n')
    print(f"{len(table.costs)} scenarios and rows measured")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
