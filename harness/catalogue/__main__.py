"""``python -m harness.catalogue FOLDER [ID ...]``: check a catalogue; with ids, record them as reviewed."""

import sys
from pathlib import Path

from harness.catalogue import load_catalogue, stamp, text_fingerprint
from harness.errors import CatalogueError

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Return 0 when nothing is suspect, 1 when something is, 3 for a wrong file or argument."""
    if not arguments:
        print("usage: python -m harness.catalogue FOLDER [ID ...]", file=sys.stderr)
        return 3
    folder, *reviewed = arguments
    try:
        catalogue = load_catalogue(Path(folder))
        stamp(
            Path(folder),
            {requirement.id: text_fingerprint(requirement) for requirement in map(catalogue.requirement_of, reviewed)},
        )
        catalogue = load_catalogue(Path(folder))
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 3
    for tag in catalogue.changed():
        print(f"{tag}: the text has changed since its review")
    for link in catalogue.suspects():
        print(f"{link.source} {link.kind} {link.target}: suspect, {', '.join(link.changed)} changed")
    return 1 if catalogue.changed() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
