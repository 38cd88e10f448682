# SPDX-License-Identifier: GPL-2.0-only
# Imports the Gurux client library, which is under GPL-2.0: this program carries its licence and runs by itself.
"""Reads, writes, transfers a key and reads in blocks with the Gurux client, ciphered; prints one JSON object.

Started by ``test_interop_gurux_secure.py``. The library prints lines of its own, keys among them, in between.
"""

import argparse
import json
import sys

from gurux_dlms.asn import GXPkcs8
from gurux_dlms.ecdsa.GXPublicKey import GXPublicKey
from gurux_dlms.enums import Authentication, Conformance, InterfaceType, ObjectType, Security
from gurux_dlms.objects import GXDLMSProfileGeneric, GXDLMSSecuritySetup
from gurux_dlms.objects.enums import GlobalKeyType, SecuritySuite
from gurux_dlms.secure import GXDLMSSecureClient

from tests.interop.gurux_reader import Meter

REGISTER = "1.0.1.8.0.255"
PROFILE = "1.0.99.1.0.255"
SETUP = "0.0.43.0.0.255"
SMALL_PDU = 256
MECHANISMS = {5: Authentication.HIGH_GMAC, 6: Authentication.HIGH_SHA256, 7: Authentication.HIGH_ECDSA}


class SecureMeter(Meter):
    """One connection that authenticates and encrypts everything."""

    def __init__(self, options: argparse.Namespace, encryption_key: str, counter: int) -> None:
        super().__init__(options)
        secret = bytes.fromhex(options.secret) or None
        client = GXDLMSSecureClient(True, 1, 1, MECHANISMS[options.mechanism], secret, InterfaceType.WRAPPER)
        ciphering = client.ciphering
        ciphering.security = Security.AUTHENTICATION_ENCRYPTION
        ciphering.securitySuite = SecuritySuite(options.suite)
        ciphering.systemTitle = bytes.fromhex(options.title)
        ciphering.blockCipherKey = bytes.fromhex(encryption_key)
        ciphering.authenticationKey = bytes.fromhex(options.authentication_key)
        ciphering.invocationCounter = counter
        if options.signing_key:
            own = GXPkcs8.load(options.signing_key)
            theirs = GXPublicKey.fromRawBytes(bytes.fromhex(options.server_public_key))
            ciphering.signingKeyPair = (theirs, own.privateKey)
        client.maxReceivePDUSize = SMALL_PDU
        client.proposedConformance |= Conformance.GENERAL_PROTECTION
        self.client = client

    def associate(self) -> None:
        """Associate, and prove who we are."""
        super().associate()
        reply = self.answer(self.client.getApplicationAssociationRequest())
        self.client.parseApplicationAssociationResponse(reply.data)

    def register(self) -> int:
        """Read the register that is asked for."""
        register = self.client.createObject(ObjectType.REGISTER)
        register.logicalName = REGISTER
        return int(self.get(self.client.read(register, 2)))

    def rows(self) -> int:
        """Read the whole profile, in many blocks, and count its rows."""
        return len(self.get(self.client.read(GXDLMSProfileGeneric(PROFILE), 2)))

    def write(self) -> int:
        """Write the capture period and read it back."""
        profile = GXDLMSProfileGeneric(PROFILE)
        profile.capturePeriod = 900
        self.answer(self.client.write(profile, 4))
        return int(self.get(self.client.read(profile, 4)))

    def transfer(self, master_key: str, new_key: str) -> None:
        """Give the meter another global unicast key."""
        setup = GXDLMSSecuritySetup(SETUP)
        keys = [(GlobalKeyType.UNICAST_ENCRYPTION, bytes.fromhex(new_key))]
        self.answer(setup.globalKeyTransfer(self.client, bytes.fromhex(master_key), keys))


def main() -> int:
    """Do all of it and print what came; a traceback and another exit code than 0 where anything fails."""
    parser = argparse.ArgumentParser()
    for name in ("--host", "--title", "--encryption-key", "--authentication-key"):
        parser.add_argument(name, required=True)
    for name in ("--port", "--suite", "--mechanism"):
        parser.add_argument(name, required=True, type=int)
    for name in ("--secret", "--signing-key", "--server-public-key", "--master-key", "--new-key"):
        parser.add_argument(name, default="")
    parser.set_defaults(password="", client=1, interface="wrapper")
    options = parser.parse_args()
    meter = SecureMeter(options, options.encryption_key, 10)
    found = {}
    try:
        meter.associate()
        found = {"register": meter.register(), "rows": meter.rows(), "period": meter.write()}
        if options.new_key:
            meter.transfer(options.master_key, options.new_key)
    finally:
        meter.media.close()
    if options.new_key:
        again = SecureMeter(options, options.new_key, 10)
        again.associate()
        found["register with the new key"] = again.register()
        again.media.close()
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
