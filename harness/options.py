"""Options that several commands have in common: how they are called, what they say of themselves, what TAB offers."""

from typing import Annotated

import typer

from harness import completion

__all__ = ["Doors", "Only"]

Doors = Annotated[
    list[str] | None,
    typer.Option(help="Id of a declared door; repeat for several. Default: all.", autocompletion=completion.doors),
]
Only = Annotated[
    str,
    typer.Option(
        help="Ids of requirements, clauses, steps or scenarios, with commas.", autocompletion=completion.clauses
    ),
]
