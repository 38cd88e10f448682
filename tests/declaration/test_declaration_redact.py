from collections.abc import Callable
from pathlib import Path

import pytest

from harness.declaration import Declaration, load_declaration, without_secrets

Load = Callable[[str], Declaration]
DEVICES = Path(__file__).parents[2] / "devices"
KEYS_OF_CHILDREN = 2


@pytest.mark.parametrize(
    "written",
    [
        '"text:hush-hush"',
        "'text:hush-hush'",
        '"text:hush\\u002dhush"',
        '"""text:hush-hush"""',
        '"hex:687573682d68757368"',
    ],
)
def test_literal_secrets_are_withheld_however_they_are_written(written: str, base: str, load: Load) -> None:
    text = base.replace('"text:hush-hush"', written)
    assert load(text).association("reading").secret is not None
    redacted = without_secrets(text)
    assert "hush" not in redacted
    assert "68757368" not in redacted
    again = load(redacted)
    assert again.redacted
    secret = again.association("reading").secret
    assert secret is not None
    assert len(secret.reveal()) == 9


def test_secret_in_inline_tables_is_withheld(base: str, load: Load) -> None:
    start, end = base.index("[[associations]]"), base.index("[objects]")
    inline = (
        'associations = [{ id = "a", role = "other", client_sap = 1, mechanism = "lls", "secret" = "text:hush" }]\n'
    )
    text = inline + base[:start] + base[end:]
    assert not load(text).redacted
    assert '"secret" = "withheld:4"' in without_secrets(text)


def test_redacted_declaration_needs_no_test_keys(base: str, load: Load) -> None:
    assert load(without_secrets(base).replace("test_keys = true\n", "")).redacted


def test_everything_else_stays_as_it_is(base: str) -> None:
    redacted = without_secrets(base)
    assert redacted.replace('"withheld:9"', '"text:hush-hush"') == base
    assert without_secrets(redacted) == redacted


def test_comments_lose_what_looks_like_a_secret(base: str) -> None:
    text = base.replace(
        'secret = "text:hush-hush"',
        'secret = "text:hush-hush"  # was "text:old-one" and hex:0011 or hush-hush or 687573682D68757368',
    )
    (line,) = (line for line in without_secrets(text).split("\n") if line.startswith("secret"))
    assert line == 'secret = "withheld:9"  # was "withheld" and withheld or ********* or ******************'


def test_references_stay_unless_they_can_be_fetched(base: str, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFORMETER_TEST_SECRET", raising=False)
    text = base.replace("text:hush-hush", "env:CONFORMETER_TEST_SECRET")
    declaration = load(text)
    secrets = [secret for _, secret in declaration.secrets()]
    assert without_secrets(text) == text
    assert without_secrets(text, secrets) == text
    monkeypatch.setenv("CONFORMETER_TEST_SECRET", "hex:0011223344")
    assert without_secrets(text) == text
    assert without_secrets(text, secrets) == text.replace("env:CONFORMETER_TEST_SECRET", "withheld:5")


@pytest.mark.parametrize(("name", "keys_of_doors"), [("reference.toml", 6), ("reference-loop.toml", 4)])
def test_declarations_of_the_reference_meter_load_again_without_secrets(
    name: str, keys_of_doors: int, tmp_path: Path
) -> None:
    text = without_secrets((DEVICES / name).read_text(encoding="utf-8"))
    assert "reading1" not in text
    assert "manage-1" not in text
    assert "port-5621" not in text
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    again = load_declaration(path, check_url=lambda url, protocol: None)
    assert again.redacted
    assert [len(secret.reveal()) for _, secret in again.secrets()] == [
        9,
        *keys_of_doors * [16],
        8,
        8,
        *8 * [16],
        *KEYS_OF_CHILDREN * [16],
    ]
