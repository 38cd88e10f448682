import copy
import pickle
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.declaration import Declaration, Secret, load_declaration
from harness.declaration.problem import Problems
from harness.errors import DeclarationError

Load = Callable[[str], Declaration]
VALUE = "hush-hush"


@pytest.mark.parametrize(
    ("reference", "octets"),
    [
        ("text:12345678", b"12345678"),
        ("text:Zürich:1", b"Z\xc3\xbcrich:1"),
        ("hex:31 32", b"12"),
        ("withheld:3", b"***"),
    ],
)
def test_literals_are_revealed(reference: str, octets: bytes) -> None:
    secret = Secret(reference)
    secret.check()
    assert secret.reveal() == octets


@pytest.mark.parametrize(
    ("value", "octets"), [("12345678", b"12345678"), ("hex:00ff", b"\x00\xff"), (" x ", b" x "), ("text:y", b"text:y")]
)
def test_environment_variable_is_revealed_on_use(value: str, octets: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("env:CONFORMETER_TEST_SECRET")
    monkeypatch.setenv("CONFORMETER_TEST_SECRET", value)
    assert secret.reveal() == octets


def test_missing_environment_variable_names_itself_and_the_key(
    base: str, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONFORMETER_TEST_SECRET", raising=False)
    declaration = load(base.replace("text:hush-hush", "env:CONFORMETER_TEST_SECRET"))
    secret = declaration.association("reading").secret
    assert secret is not None
    with pytest.raises(DeclarationError) as caught:
        secret.reveal()
    assert str(caught.value) == (
        f"{tmp_path / 'device.toml'}: associations[0].secret: the secret from env:CONFORMETER_TEST_SECRET is missing: "
        "set the environment variable CONFORMETER_TEST_SECRET"
    )


@pytest.mark.parametrize("value", ["", "hex:", "hex:0", "hex:xy"])
def test_empty_or_broken_values_are_told_without_showing_them(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMETER_TEST_SECRET", value)
    with pytest.raises(DeclarationError, match=r"is empty|hexadecimal digits after hex:$"):
        Secret("env:CONFORMETER_TEST_SECRET").reveal()


def test_file_is_relative_to_the_declaration(base: str, load: Load, tmp_path: Path) -> None:
    (tmp_path / "lls.key").write_bytes(b"12345678\r\n")
    declaration = load(base.replace("text:hush-hush", "file:lls.key").replace("test_keys = true\n", ""))
    secret = declaration.association("reading").secret
    assert secret is not None
    assert secret.reveal() == b"12345678"
    (tmp_path / "lls.key").unlink()
    with pytest.raises(DeclarationError, match=rf"there is no file {tmp_path / 'lls.key'}"):
        secret.reveal()
    (tmp_path / "lls.key").write_bytes(bytes(5000))
    with pytest.raises(DeclarationError, match="longer than 4096 octets"):
        secret.reveal()


def _keyring(monkeypatch: pytest.MonkeyPatch, get_password: Callable[[str, str], str | None]) -> None:
    module = types.ModuleType("keyring")
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]  # a module made here
    module.errors = errors  # type: ignore[attr-defined]  # a module made here
    module.get_password = get_password  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_key_ring_is_asked_for_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    _keyring(monkeypatch, lambda service, user: {("lab/7", "reading"): "hex:3132"}.get((service, user)))
    secret = Secret("keyring:lab/7/reading")
    secret.check()
    assert secret.reveal() == b"12"
    with pytest.raises(DeclarationError, match="no entry of service lab and user management"):
        Secret("keyring:lab/management").reveal()


def test_key_ring_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(service: str, user: str) -> str | None:
        raise sys.modules["keyring"].errors.KeyringError("locked")

    _keyring(monkeypatch, locked)
    with pytest.raises(DeclarationError, match="cannot be read: KeyringError"):
        Secret("keyring:lab/reading").reveal()


def test_missing_key_ring_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(DeclarationError, match=r'install "conformeter\[keyring\]"'):
        Secret("keyring:lab/reading").reveal()


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "hush",
        "env:",
        "file:",
        "keyring:lab",
        "keyring:/user",
        "keyring:lab/",
        "hex:123",
        "hex:zz",
        "vault:x",
        "withheld:",
        "withheld:0",
        "withheld:-1",
        "withheld:10000",
        "withheld:x",
    ],
)
def test_wrong_references_are_refused_unseen(reference: str) -> None:
    with pytest.raises(Problems) as caught:
        Secret(reference).check()
    (problem,) = caught.value.problems
    shown = reference.partition(":")[2]
    assert len(shown) < 3 or shown not in problem.wrong


@pytest.mark.parametrize("scheme", ["text:", "hex:", ""])
def test_secret_is_hidden_in_repr_and_str(scheme: str) -> None:
    value = VALUE.encode().hex() if scheme == "hex:" else VALUE
    secret = Secret(scheme + value)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", repr([secret])):
        assert value not in shown


def test_secret_is_hidden_in_everything_made_of_the_declaration(tiny: Declaration) -> None:
    for shown in (repr(tiny), str(tiny), repr(tiny.model_dump()), tiny.model_dump_json()):
        assert VALUE not in shown
    with pytest.raises(TypeError):
        pickle.dumps(tiny)
    with pytest.raises(TypeError):
        pickle.dumps(Secret("text:" + VALUE))


def test_copies_keep_the_secret() -> None:
    secret = Secret("text:" + VALUE)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret]) == [secret]
    assert secret == Secret("text:" + VALUE)
    assert hash(secret) == hash(Secret("text:" + VALUE))
    assert secret != Secret("text:other")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("test_keys = true", "test_keys = false"),
        ('"text:hush-hush"', '"hush-hush"'),
        ('mechanism = "lls"', 'mechanism = "none"'),
        ('id = "reading"', 'id = "reading"\nsecrt = "text:hush-hush"'),
        ('mechanism = "lls"', "mechanism = 3"),
        ('"text:hush-hush"', '["text:hush-hush"]'),
        ('"text:hush-hush"', '{ text = "hush-hush" }'),
        ("entries = 960", "entries = 0"),
    ],
)
def test_secret_is_hidden_in_errors_their_tracebacks_and_locals(old: str, new: str, base: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(base.replace(old, new), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_declaration(path, check_url=lambda url, protocol: None)
    error = caught.value
    assert error.__context__ is None
    harness_frames = error.__traceback__.tb_next if error.__traceback__ is not None else None
    told = traceback.TracebackException(type(error), error, harness_frames, capture_locals=True, lookup_lines=False)
    assert VALUE not in "".join(told.format())


def test_secret_is_hidden_in_the_error_of_a_broken_line(base: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(base.replace('"text:hush-hush"', "text:hush-hush"), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_declaration(path)
    assert VALUE not in str(caught.value)
    assert caught.value.__context__ is None
