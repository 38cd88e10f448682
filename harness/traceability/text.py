"""The traceability matrix as a text for people."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.traceability.matrix import NO_SCENARIO_YET, ClauseTrace, Traceability

__all__ = ["print_trace"]


def print_trace(result: Traceability, console: Console) -> None:
    """Print matrix, totals and gaps."""
    console.print(_table(result))
    for origin, word in (("source", "printed in the source"), ("derived", "derived")):
        console.print(Text(_totals_line(result, origin, word)), soft_wrap=True)
    if result.gaps:
        console.print(Text(f"\n{len(result.gaps)} gaps:"))
        for gap in result.gaps:
            console.print(Text(f"  {gap.id}: {gap.what}"), soft_wrap=True)
    else:
        console.print(Text("\nno gaps"))


def _table(result: Traceability) -> Table:
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("clause", no_wrap=True)
    table.add_column("statement", ratio=3)
    table.add_column("scenarios, invariants", ratio=2)
    table.add_column("deviations", ratio=2)
    for row in result.requirements:
        mark = " (suspect: text changed since its review)" if row.suspect else ""
        derived = " (derived)" if row.requirement.origin == "derived" else ""
        table.add_section()
        # Text, not str: rich would take brackets in a statement for markup.
        table.add_row(
            Text(row.requirement.id, style="bold"),
            Text(f"{row.requirement.title}{derived}{mark}", style="bold"),
        )
        for each in row.clauses:
            table.add_row(
                Text("" if each.clause.id == row.requirement.id else each.clause.id),
                Text(each.clause.statement),
                Text(_scenarios(each)),
                Text(", ".join(each.deviations)),
            )
    return table


def _scenarios(row: ClauseTrace) -> str:
    if row.not_tested and row.not_tested["class"] == NO_SCENARIO_YET:
        return NO_SCENARIO_YET
    if row.not_tested:
        return f"not tested ({row.not_tested['class']}): {row.not_tested['reason']}"
    own = row.clause.id + "-"
    return ", ".join(_short((*row.scenarios, *row.invariants), own))


def _short(names: Sequence[str], own: str) -> Iterator[str]:
    """Leave the clause's own id away where the line says it already."""
    for name in names:
        yield name.removeprefix(own)


def _totals_line(result: Traceability, origin: str, word: str) -> str:
    totals = result.totals(origin)
    untested = sum(totals["not_tested"].values())
    classes = ", ".join(f"{count} {name}" for name, count in totals["not_tested"].items())
    return (
        f"{word}: {totals['requirements']} requirements, {totals['clauses']} clauses,"
        f" {totals['with_scenarios']} with scenarios" + (f"; {untested} not tested ({classes})" if untested else "")
    )
