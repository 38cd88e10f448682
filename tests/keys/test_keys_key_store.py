import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from harness.keys import KeyStore, StoreDamaged

OLD, NEW, NEWER = b"o" * 16, b"n" * 16, b"m" * 16
DEVICE, NAME = "serial 1", "encryption_key"

PROPOSE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from harness.keys import KeyStore
KeyStore(Path(sys.argv[1])).propose("serial 1", "encryption_key", b"n" * 16, instead_of=b"o" * 16)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_is_known_before_a_key_is_changed(tmp_path: Path) -> None:
    assert KeyStore(tmp_path).candidates(DEVICE, NAME) == ()


def test_both_keys_are_kept_until_the_outcome_is_known(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.propose(DEVICE, NAME, NEW, instead_of=OLD)
    assert KeyStore(tmp_path).candidates(DEVICE, NAME) == (NEW, OLD)
    with pytest.raises(StoreDamaged, match="earlier change"):
        store.propose(DEVICE, NAME, NEWER, instead_of=OLD)
    store.settle(DEVICE, NAME, NEW)
    assert store.candidates(DEVICE, NAME) == (NEW,)
    store.propose(DEVICE, NAME, NEWER, instead_of=OLD)
    assert store.candidates(DEVICE, NAME) == (NEWER, NEW)
    store.settle(DEVICE, NAME, NEW)
    assert store.candidates(DEVICE, NAME) == (NEW,)


def test_a_change_that_died_leaves_both_keys(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROPOSE_AND_DIE, str(tmp_path)], timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert KeyStore(tmp_path).candidates(DEVICE, NAME) == (NEW, OLD)


def test_devices_and_names_have_keys_of_their_own(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.propose(DEVICE, NAME, NEW, instead_of=OLD)
    assert store.candidates("serial 2", NAME) == ()
    assert store.candidates(DEVICE, "authentication_key") == ()


def test_only_the_owner_reads_keys(tmp_path: Path) -> None:
    KeyStore(tmp_path / "state").propose(DEVICE, NAME, NEW, instead_of=OLD)
    assert stat.S_IMODE((tmp_path / "state" / "keys").stat().st_mode) == 0o700
    for path in (tmp_path / "state" / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_messages_show_no_key(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.propose(DEVICE, NAME, NEW, instead_of=OLD)
    with pytest.raises(ValueError, match="no candidate") as caught:
        store.settle(DEVICE, NAME, NEWER)
    assert "mmm" not in str(caught.value)
    (path,) = (tmp_path / "keys").glob("*.json")
    for damaged in ('{"proposed": "zz"}', '{"proposed": 5}', "{", "[]"):
        path.write_text(damaged)
        with pytest.raises(StoreDamaged, match="damaged"):
            store.candidates(DEVICE, NAME)
