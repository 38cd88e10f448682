"""A model that refuses every access, for requests that may not be served but are answered in their own form."""

from reference_meter.codec.axdr import Pair
from reference_meter.server.model_port import AccessRefused, ClientProfile, CosemModel, Selection

__all__ = ["RefusingModel"]


class RefusingModel(CosemModel):
    """Gives one result to whatever is asked."""

    def __init__(self, result: int) -> None:
        self.result = result

    def client(self, client_sap: int) -> ClientProfile | None:
        """Know nobody."""
        return None

    def authenticate(self, client: int, mechanism: int, secret: bytes | None) -> bool:
        """Let nobody in."""
        return False

    def get(self, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None) -> Pair:
        """Refuse to read."""
        raise AccessRefused(self.result)

    def set(
        self, client: int, class_id: int, obis: bytes, attribute: int, selection: Selection | None, data: Pair
    ) -> int:
        """Refuse to write."""
        return self.result

    def action(
        self, client: int, class_id: int, obis: bytes, method: int, parameter: Pair | None
    ) -> tuple[int, Pair | None]:
        """Refuse to invoke."""
        return self.result, None

    def association_changed(self, client: int, link_id: int, opened: bool) -> None:
        """Take no notice."""
