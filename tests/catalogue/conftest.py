from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).parents[2]

SMALL = {
    "small.toml": """\
schema = 1

[[requirement]]
id = "TR-Conf.05"
title = "Diagnostics"
statement = "Diagnostics, and silence."
origin = "source"
use_cases = ["ALL"]
actors = ["meter"]
source = { document = "the source", table = "1", row = "5" }
fingerprint = "old"

[[requirement.clauses]]
id = "TR-Conf.05a"
statement = "Diagnostics."
verification = "test"

[[requirement.clauses]]
id = "TR-Conf.05b"
statement = "Silence."
verification = "test"

[[requirement.clauses]]
id = "TR-Conf.05c"
statement = "A seal."
verification = "inspection"
not_tested = { class = "inspection", reason = "it is seen" }

[[requirement]]
id = "BI.01"
title = "On demand read"
statement = "Read on demand."
origin = "source"
use_cases = ["BI.01"]
actors = ["HES", "meter"]
source = { document = "the source", slide = "On demand read" }
fingerprint = "old"

[[requirement.clauses]]
id = "BI.01.step1"
statement = "Asking."
verification = "test"
self_check = true

[[requirement.clauses]]
id = "BI.01.step3"
statement = "Answering."
verification = "test"
self_check_part = true

[[requirement]]
id = "T.1"
title = "Listening"
statement = "Nobody listens."
origin = "derived"
use_cases = ["ALL"]
actors = ["meter"]
source = { document = "none" }
fingerprint = "old"

[[requirement.clauses]]
id = "T.1"
statement = "Nobody listens."
verification = "links"

[[requirement.links]]
kind = "mitigated_by"
to = "TR-Conf.05b"
""",
    "accepted_answers.toml": """\
schema = 1
[codes]
plain = { silence = "no answer" }
dar = { 0 = "success", 4 = "object-undefined" }
action = { 0 = "success" }
[codes.exception]
state = { 1 = "service-not-allowed" }
service = { 2 = "service-not-supported" }
[codes.aare]
result = { 1 = "rejected-permanent" }
user = { 13 = "authentication-failure" }
provider = { 2 = "no-common-acse-version" }
[codes.confirmed]
service = { 1 = "initiateError" }
[codes.confirmed.category.6]
name = "initiate"
errors = { 1 = "dlms-version-too-low" }
[error_classes]
E-UNDEF = "object unknown"
[[condition]]
id = "unknown_object"
error_class = "E-UNDEF"
about = "an unknown object"
answers = ["dar:4", "silence"]
default = ["dar:4"]
[[ceiling]]
id = "response_time_s"
unit = "s"
value = 10.0
default = 1.0
about = "answers"
""",
    "side_effects.toml": """\
schema = 1
[logical_name]
write_same = ["writes"]
write_other = ["irreversible"]
[[class]]
id = 8
name = "Clock"
attributes = [{ number = 2, name = "time", write_same = ["sets_clock"], write_other = ["sets_clock"] }]
methods = [{ number = 6, name = "shift_time", invoke = ["sets_clock"] }]
""",
}

Edit = Callable[..., Path]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real one."""
    return load_catalogue(ROOT / "requirements")


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Writes the small catalogue into a folder with one text in one file replaced."""

    def write(file: str = "small.toml", before: str = "", after: str = "") -> Path:
        folder = tmp_path / "requirements"
        folder.mkdir(exist_ok=True)
        for name, text in SMALL.items():
            if name == file and before:
                assert before in text, f"{before!r} is not in {name}"
                text = text.replace(before, after, 1)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def small(edited: Edit) -> Catalogue:
    """Three made-up requirements."""
    return load_catalogue(edited())
