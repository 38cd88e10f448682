"""The search for secrets finds them however they are written, and nothing else."""

import base64
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence.secret_search import search_for_secrets, spellings

SECRET = bytes.fromhex("8f1ed3c0aa57b94e6621f07c3d9985e2")

WRITTEN = {
    "octets": b"\x00\x01" + SECRET + b"\x02",
    "hex": b'{"data":"' + SECRET.hex().encode() + b'"}',
    "upper": SECRET.hex().upper().encode(),
    "spaced": SECRET.hex(" ").encode(),
    "base64": base64.b64encode(SECRET),
    "base64-in-longer": base64.b64encode(b"a" + SECRET + b"zz"),
}


@pytest.mark.parametrize("how", sorted(WRITTEN))
def test_a_secret_is_found_in_a_file(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "run"
    (folder / "captures").mkdir(parents=True)
    (folder / "captures" / "one.pcapng").write_bytes(WRITTEN[how])
    (leak,) = search_for_secrets(folder, [SECRET])
    assert leak.startswith("captures/one.pcapng holds a secret")
    assert SECRET.hex() not in leak


def test_a_secret_is_found_in_a_zip_within_a_zip(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("trace.jsonl", SECRET.hex())
    folder = tmp_path / "run"
    folder.mkdir()
    with zipfile.ZipFile(folder / "outer.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(inner, "inner.zip")
    (leak,) = search_for_secrets(folder, [SECRET])
    assert leak.startswith("outer.zip/inner.zip/trace.jsonl holds")


def test_what_is_too_short_is_not_sought(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"1234567")
    assert search_for_secrets(tmp_path, [b"1234567"]) == []


def test_a_clean_folder_is_clean(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(SECRET[:-1])
    assert search_for_secrets(tmp_path, [SECRET]) == []


@given(before=st.binary(max_size=9), secret=st.binary(min_size=8, max_size=40), behind=st.binary(max_size=9))
def test_base64_is_found_at_every_place(before: bytes, secret: bytes, behind: bytes) -> None:
    encoded = base64.b64encode(before + secret + behind)
    assert any(spelling in encoded for spelling in spellings(secret))
