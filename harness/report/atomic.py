"""Writing files so that a crash or a power cut leaves the old one or the new one, never half of either."""

import json
import os
from pathlib import Path
from typing import Any

__all__ = ["write_json", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Replace ``path`` as a whole: write beside it, sync, rename."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def write_json(path: Path, document: Any) -> None:
    """Replace ``path`` by ``document`` as indented JSON."""
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
