#!/usr/bin/env python3
"""Verifies the audit log of an issuer, whole, from its first entry on.

Reads one entry a line, as the JSON of leasehold.issuer.v1.AuditEntry, from standard input. Prints
how many entries there are and the hash of the last one: compare it with a checkpoint that you
kept. Ends with 1 at the first entry that is not as it was made. docs/audit.md tells the format.
"""
import base64, datetime, hashlib, json, struct, sys

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def text(value):
    data = value.encode("utf-8")
    return struct.pack(">I", len(data)) + data


def digest(previous, entry):
    time = datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00"))
    microseconds = (time - EPOCH) // datetime.timedelta(microseconds=1)
    data = b"\0" + previous + struct.pack(">qq", int(entry["sequence"]), microseconds)
    for field in ("subject", "method", "resource", "why", "requestId"):
        data += text(entry.get(field, ""))
    return hashlib.sha256(data + base64.b64decode(entry["requestSha256"])).digest()


count, previous = 0, bytes(32)
for line in sys.stdin:
    entry, count = json.loads(line), count + 1
    if int(entry["sequence"]) != count:
        sys.exit(f"entry {count} is missing, or another was put in: found {entry['sequence']}")
    if digest(previous, entry) != base64.b64decode(entry["hash"]):
        sys.exit(f"entry {count} was changed, put in or moved")
    previous = base64.b64decode(entry["hash"])
print(f"{count} entries, the last with the hash {previous.hex()}")
