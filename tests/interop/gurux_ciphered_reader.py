# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux client library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""Reads a ciphered meter with the Gurux client, mechanism 5, and prints one JSON object ``{"what", "value"}`` a line.

Started by ``test_interop_gurux_ciphered.py``. The library prints lines of its own in between.
"""

import argparse
import json
import sys

from gurux_dlms.enums import Authentication, Conformance, InterfaceType, ObjectType, Security
from gurux_dlms.secure import GXDLMSSecureClient

from tests.interop.gurux_reader import Meter, attribute, object_list


class CipheredMeter(Meter):
    """One connection that authenticates and encrypts everything."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        interface = InterfaceType.HDLC if self.hdlc else InterfaceType.WRAPPER
        client = GXDLMSSecureClient(True, options.client, 1, Authentication.HIGH_GMAC, None, interface)
        ciphering = client.ciphering
        ciphering.security = Security.AUTHENTICATION_ENCRYPTION
        ciphering.systemTitle = bytes.fromhex(options.title)
        ciphering.blockCipherKey = bytes.fromhex(options.encryption_key)
        ciphering.authenticationKey = bytes.fromhex(options.authentication_key)
        ciphering.invocationCounter = options.counter
        if options.dedicated_key:
            ciphering.dedicatedKey = bytes.fromhex(options.dedicated_key)
        client.useProtectedRelease = options.protected_release
        client.proposedConformance |= Conformance.GENERAL_PROTECTION
        self.client = client

    def associate(self) -> None:
        """Associate, and prove who we are."""
        super().associate()
        reply = self.answer(self.client.getApplicationAssociationRequest())
        self.client.parseApplicationAssociationResponse(reply.data)


def main() -> int:
    """Read and print; a traceback and another exit code than 0 where anything fails."""
    parser = argparse.ArgumentParser()
    for name in ("--host", "--interface", "--title", "--encryption-key", "--authentication-key", "--register"):
        parser.add_argument(name, required=True)
    for name in ("--port", "--client", "--counter"):
        parser.add_argument(name, required=True, type=int)
    parser.add_argument("--dedicated-key", default="")
    parser.add_argument("--protected-release", action="store_true")
    parser.set_defaults(password="")
    options = parser.parse_args()
    meter = CipheredMeter(options)
    try:
        meter.associate()
        found = object_list(meter)
        register = meter.client.createObject(ObjectType.REGISTER)
        register.logicalName = options.register
        decoded, _ = attribute(meter, register, 2)
        meter.release()
        values = {"objects": found, "register": decoded, "counter": meter.client.ciphering.invocationCounter}
        for what, value in values.items():
            print(json.dumps({"what": what, "value": value}), flush=True)
    finally:
        meter.media.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
