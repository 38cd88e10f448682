"""``usual_causes.toml``: what usually lies behind a finding, for people who look for the fault."""

import re
from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import Field

from harness.catalogue.requirement import Text
from harness.catalogue.toml_file import Record, suggestion

__all__ = ["UsualCauses"]

_SCENARIO = re.compile(r"(.+)-[PNI]\d\d")


class _Cause(Record):
    of: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Ids of clauses or scenarios."""
    texts: Annotated[tuple[Text, ...], Field(min_length=1)]


class UsualCauses(Record):
    """The whole file."""

    schema_number: Annotated[Literal[1], Field(alias="schema")] = 1
    cause: tuple[_Cause, ...] = ()

    def problem(self, clauses: Collection[str]) -> str | None:
        """Return what is wrong with the ids, None for nothing; whether a scenario exists the features tell."""
        seen: set[str] = set()
        for row in self.cause:
            for name in row.of:
                scenario = _SCENARIO.fullmatch(name)
                clause = scenario.group(1) if scenario else name
                if clause not in clauses:
                    return f"cause.of: `{name}`: allowed are ids of clauses and scenarios{suggestion(name, [*clauses])}"
                if name in seen:
                    return f"cause.of: `{name}` stands there twice"
                seen.add(name)
        return None

    def scenarios(self) -> tuple[str, ...]:
        """Return the ids of scenarios that the file names."""
        return tuple(name for row in self.cause for name in row.of if _SCENARIO.fullmatch(name))

    def texts_for(self, *ids: str) -> tuple[str, ...]:
        """Return the causes for ids, those of the first id first; none where nothing is known."""
        table: Mapping[str, tuple[str, ...]] = {name: row.texts for row in self.cause for name in row.of}
        return tuple(dict.fromkeys(text for name in ids for text in table.get(name, ())))
