"""The packaged proof: how many deviations the scenarios of each clause caught when this suite was proved."""

import json
from pathlib import Path
from typing import Any

from harness.report.rollup import ProofTable
from harness.run.suite import suite_fingerprint

__all__ = ["PROOF_PATH", "caught_before", "load_proof", "proof_table"]

PROOF_PATH = Path(__file__).resolve().parent / "report" / "proof.json"


def proof_table(document: dict[str, Any], fingerprint: str) -> ProofTable:
    """Return caught and tried per clause; a proof of other features, steps or checks is not fresh."""
    figures: dict[str, tuple[int, int]] = {}
    for deviation in document.get("deviations", []):
        for clause in deviation["clauses"]:
            caught, tried = figures.get(clause, (0, 0))
            counted = deviation["result"] in ("caught", "missed")
            figures[clause] = (caught + (deviation["result"] == "caught"), tried + counted)
    return ProofTable(figures=figures, fresh=document.get("fingerprint") == fingerprint)


def load_proof() -> ProofTable:
    """Return the proof that comes with the package; without one nothing is proved."""
    if not PROOF_PATH.exists():
        return ProofTable()
    return proof_table(json.loads(PROOF_PATH.read_text(encoding="utf-8")), suite_fingerprint())


def caught_before() -> dict[str, frozenset[str]]:
    """Return the result keys that caught each deviation in the packaged proof, fresh or not."""
    if not PROOF_PATH.exists():
        return {}
    document = json.loads(PROOF_PATH.read_text(encoding="utf-8"))
    return {one["name"]: frozenset(one["caught_by"]) for one in document.get("deviations", [])}
