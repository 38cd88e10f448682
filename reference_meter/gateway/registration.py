"""Which devices are the gateway's: scripts of its own (class 9) make one of it and remove one."""

from collections.abc import Sequence

from reference_meter.gateway.child import Child
from reference_meter.gateway.device_log import DeviceLogs
from reference_meter.model.script import ScriptTable

__all__ = ["DeviceScripts"]


class DeviceScripts(ScriptTable):
    """Script 2n - 1 makes device n one of the gateway's, script 2n removes it; its records stay."""

    def __init__(self, obis: bytes, children: Sequence[Child], logs: DeviceLogs) -> None:
        super().__init__(obis, dict.fromkeys(range(1, 2 * len(children) + 1), ()), {})
        self._children = tuple(children)
        self._logs = logs

    def execute(self, identifier: int) -> None:
        """Do what the script is for; AccessRefused for one that there is not."""
        super().execute(identifier)
        place, removes = divmod(identifier - 1, 2)
        self.register(self._children[place], installed=not removes)

    def register(self, child: Child, *, installed: bool) -> None:
        """Take a device for one of the gateway's, or no more."""
        if child.installed != installed:
            child.installed = installed
            self._logs.record("device_installed" if installed else "device_removed", child.settings)
