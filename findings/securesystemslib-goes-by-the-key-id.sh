#!/usr/bin/env bash
# Guess: a verifier of DSSE tries each key that it is given, because the specification calls `keyid` an unauthenticated hint that
#   may be missing.
# Found: securesystemslib 1.6.0, on which in-toto and TUF are built, skips every key whose id is not the text in the envelope, and
#   gives a key that it reads itself an id that no other tool makes: a signature that openssl takes is refused, right key in hand.
# Seen: "1.6.0 key id of the library: refused", "id of the envelope: verified", "no id in the envelope: refused",
#   "empty on both sides: verified".
# Why it matters here: certificates name their key by its RFC 7638 thumbprint, so who verifies one so must take the id from the key
#   set; docs/certificates.md shows how.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check securesystemslib==1.6.0 cryptography==46.0.3
venv/bin/python - > said <<'PY'
import base64
import securesystemslib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

private = Ed25519PrivateKey.generate()
own = SSlibKey.from_crypto(private.public_key())
body, kind = b"{}", "application/vnd.in-toto+json"
signature = private.sign(b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body))


def verdict(key_id, envelope_id):
    key = SSlibKey(key_id, "ed25519", "ed25519", own.keyval)
    sig = {"keyid": envelope_id, "sig": base64.b64encode(signature).decode()}
    envelope = Envelope.from_dict({"payload": base64.b64encode(body).decode(), "payloadType": kind, "signatures": [sig]})
    try:
        envelope.verify([key], threshold=1)
        return "verified"
    except VerificationError:
        return "refused"


print(securesystemslib.__version__, "key id of the library:", verdict(own.keyid, "thumbprint"))
print("id of the envelope:", verdict("thumbprint", "thumbprint"))
print("no id in the envelope:", verdict(own.keyid, ""))
print("empty on both sides:", verdict("", ""))
PY
cat said
diff said - <<'SAID'
1.6.0 key id of the library: refused
id of the envelope: verified
no id in the envelope: refused
empty on both sides: verified
SAID
