"""The examples of docs/extending.md work as they stand, each carried out in a copy of the project."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

_COMMAND = "import sys; from harness.cli import main; sys.argv[0] = 'conformeter'; main()"
_COPIED = ("harness", "reference_meter", "steps", "features", "requirements", "devices", "conftest.py")
_BLOCK = re.compile(r"```(?:toml|gherkin|python)\n# ([\w./-]+)([^\n]*)\n(.*?)```", re.DOTALL)
_SCENARIOS = ("LAB.1a-P01", "LAB.1a-N01")


@pytest.fixture(scope="module")
def blocks(root: Path) -> Mapping[str, str]:
    """File -> what the document says of it; a file that is only a part has the rest of its first line in its name."""
    found = _BLOCK.findall((root / "docs" / "extending.md").read_text(encoding="utf-8"))
    return {path + rest: text for path, rest, text in found}


@pytest.fixture(scope="module")
def project(root: Path, blocks: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with all that the document adds."""
    place = tmp_path_factory.mktemp("copy") / "project"
    for name in _COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    for path, text in blocks.items():
        if re.fullmatch(r"(requirements|features|steps|reference_meter)/\S+|lab-equipment/\S+", path):
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text, encoding="utf-8")
    conftest = place / "conftest.py"
    added = blocks["conftest.py: pytest_plugins"]
    conftest.write_text(conftest.read_text(encoding="utf-8").replace("\n]\n", f"\n{added}]\n"), encoding="utf-8")
    return place


def _python(project: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    # The copy comes first on the path, so its modules and its suite are used.
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(project), path))),
        "CONFORMETER_STATE": str(project.parent / "state"),
        "npm_config_offline": "true",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def _conformeter(project: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    return _python(project, "-c", _COMMAND, *arguments, path=path)


def test_requirement_is_reviewed_and_traced(project: Path) -> None:
    before = _python(project, "-m", "harness.catalogue", "requirements")
    assert "LAB.1: the text has changed since its review" in before.stdout
    reviewed = _python(project, "-m", "harness.catalogue", "requirements", "LAB.1")
    assert reviewed.returncode == 0, reviewed.stdout + reviewed.stderr
    traced = _conformeter(project, "trace")
    assert traced.returncode == 0, traced.stdout + traced.stderr
    assert re.search(r"LAB\.1a .*fuller-than-full", traced.stdout)


def test_requirement_alone_is_a_gap(project: Path) -> None:
    feature = project / "features" / "lab" / "lab_1_fullness.feature"
    text = feature.read_text(encoding="utf-8")
    deviation = project / "reference_meter" / "deviations" / "lab_1.py"
    module = deviation.read_text(encoding="utf-8")
    try:
        feature.unlink()
        deviation.unlink()
        traced = _conformeter(project, "trace")
        assert traced.returncode == 1
        assert "LAB.1a" in traced.stdout
    finally:
        feature.write_text(text, encoding="utf-8")
        deviation.write_text(module, encoding="utf-8")


def test_scenario_passes(project: Path) -> None:
    ran = _conformeter(project, "run", "--device", "devices/reference-loop.toml", "--only", "LAB.1a")
    for scenario in _SCENARIOS:
        assert f"PASS           {scenario}@loop-wrapper" in ran.stdout, ran.stdout + ran.stderr


def test_deviation_is_caught(project: Path, tmp_path: Path) -> None:
    small = tmp_path / "project"
    shutil.copytree(project, small, ignore=shutil.ignore_patterns("runs", "__pycache__"))
    for folder in (small / "features").iterdir():
        if folder.is_dir() and folder.name != "lab":
            shutil.rmtree(folder)  # the proof looks at the whole suite on the default meter first
    proved = _conformeter(small, "prove", "--only", "fuller-than-full")
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert re.search(r"caught +fuller-than-full \(LAB\.1a\) +LAB\.1a-[PN]01@", proved.stdout), proved.stdout


# ---- transport and bench: a lab with a line switch and a source, and the reference meter behind both -----------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Equipment:
    """What listens in the lab: the first line of each connection is a command."""

    def __init__(self, meter: int, control: int) -> None:
        self.meter, self.control = meter, control
        self.told: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=(connection,), daemon=True).start()

    def _hear(self, connection: socket.socket) -> None:
        with connection:
            line = b""
            while not line.endswith(b"\n"):
                line += connection.recv(1)
            self.told.append(line.decode().strip())
            word, *numbers = line.split()
            if word == b"LOAD":
                self._ask(f'{{"op": "set_load", "import_w": {float(numbers[0])}, "export_w": {float(numbers[1])}}}\n')
                connection.sendall(b"OK\n")
                return
            connection.sendall(b"OK\n")
            with socket.create_connection(("127.0.0.1", self.meter)) as meter:
                back = threading.Thread(target=self._pass_on, args=(meter, connection), daemon=True)
                back.start()
                self._pass_on(connection, meter)
                back.join()

    def _ask(self, request: str) -> None:
        with socket.create_connection(("127.0.0.1", self.control)) as control:
            control.sendall(request.encode())
            assert b'"ok": true' in control.recv(1000)

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of the two sides has gone


@pytest.fixture
def equipment() -> Iterator[_Equipment]:
    lab = _Equipment(_free_port(), _free_port())
    yield lab
    lab.close()


def _installed(project: Path, folder: Path) -> str:
    """Build the package of the document and lay it out as an installation does."""
    package = project / "lab-equipment"
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=package, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return str(folder / "installed")


def _declaration(root: Path, part: str, lab: _Equipment) -> str:
    """The meter on one network door, with door and bench of the document."""
    text = (root / "devices" / "reference-realtime.toml").read_text(encoding="utf-8")
    url, settings = re.search(r"^url = .*$", part, re.MULTILINE), part[part.index("[bench.settings") :]
    assert url is not None
    text = re.sub(r'^url = "tcp://.*$', url[0], text, flags=re.MULTILINE)
    bench = (
        f'[bench]\ntime = "reference"\nload = "source"\ncontrol = "tcp://127.0.0.1:{lab.control}"\n\n{settings}\n[lab]'
    )
    text = re.sub(r"^\[bench\].*?^\[lab\]", bench, text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"192\.0\.2\.20:\d+", f"127.0.0.1:{lab.port}", text)
    text = text.replace("192.0.2.21", "127.0.0.1").replace("5025", str(lab.port))
    return text.replace("{port.tcp}", str(lab.meter)).replace("{port.control}", str(lab.control))


def test_transport_and_bench_serve_a_run(
    project: Path, root: Path, blocks: Mapping[str, str], equipment: _Equipment, tmp_path: Path
) -> None:
    installed = _installed(project, tmp_path)
    device = tmp_path / "my-meter.toml"
    device.write_text(_declaration(root, blocks["my-meter.toml (a part of it)"], equipment), encoding="utf-8")
    arguments = ("run", "--device", str(device), "--only", "TR-Conf.08a-P01", "--out", str(tmp_path / "runs"))
    ran = _conformeter(project, *arguments, path=installed)
    assert re.search(r"PASS +TR-Conf\.08a-P01@", ran.stdout), ran.stdout + ran.stderr
    assert "BAY 3" in equipment.told
    assert any(line.startswith("LOAD 3000") for line in equipment.told)
    text = device.read_text(encoding="utf-8")
    device.write_text(text.replace("bay=3", "bay=30").replace('host = "', 'hosts = "'), encoding="utf-8")
    refused = _conformeter(project, *arguments, path=installed)
    assert refused.returncode == 3
    assert "bay" in refused.stderr
