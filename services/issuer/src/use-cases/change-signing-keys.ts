import { signingKeyName } from "../domain/resource-names.ts";
import { latestGeneration } from "../domain/signing-key.ts";
import type { CertificatePurpose, SigningKeyRecord } from "../domain/signing-key.ts";
import { signingKeyNotFound, signingKeyStateConflict } from "../domain/signing-problems.ts";
import { carryOut } from "./carry-out.ts";
import type { KeyRingKeeper } from "./keep-key-ring.ts";
import type { LockedKeyRing, SealedKey } from "./key-ring.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import { publishTrust } from "./publish-trust.ts";
import { makeSigningKey } from "./signing-keys.ts";
import type { KeyAuthority } from "./signing-ports.ts";

/** What changing signing keys works with. */
export interface SigningPorts extends IssuerPorts, KeyAuthority, KeyRingKeeper {}

/** Makes a key that signs for a purpose from now on, and retires the one that did. */
export async function rotateSigningKey(
  ports: SigningPorts,
  mutation: Mutation,
  purpose: CertificatePurpose,
): Promise<SigningKeyRecord> {
  const made = await carryOut(ports, mutation, async (writes) => {
    const ring = await writes.lockKeyRing();
    const keys = await ring.listKeys();
    const former = keys.find((key) => key.purpose === purpose && key.state === "ACTIVE");
    if (former) await ring.endKey(former.kid, "RETIRED", ports.clock.now());
    const next = await makeSigningKey(ports, ring, purpose, latestGeneration(keys, purpose) + 1);
    await publishTrust(ports, ring, { signing: [next.key] });
    return { result: recordOf(next), resource: signingKeyName(next.kid) };
  });
  await ports.refreshKeyRing();
  return made;
}

/**
 * Ends that anything a key signed is believed. If it is the one that signs, a new one takes
 * its place.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT`
 */
export async function revokeSigningKey(
  ports: SigningPorts,
  mutation: Mutation,
  kid: string,
): Promise<SigningKeyRecord> {
  const revoked = await carryOut(ports, mutation, async (writes) => {
    const ring = await writes.lockKeyRing();
    const key = (await ring.listKeys()).find((known) => known.kid === kid);
    if (!key) throw signingKeyNotFound();
    if (key.state === "REVOKED") throw signingKeyStateConflict(key.state);
    const now = ports.clock.now();
    await ring.endKey(kid, "REVOKED", now);
    await replaceRevoked(ports, ring, key);
    const result = recordOf({ ...key, state: "REVOKED", retireTime: key.retireTime ?? now });
    return { result, resource: signingKeyName(kid) };
  });
  await ports.refreshKeyRing();
  return revoked;
}

async function replaceRevoked(
  ports: SigningPorts,
  ring: LockedKeyRing,
  { state, purpose, generation }: SealedKey,
): Promise<void> {
  const signing =
    state === "ACTIVE" ? [(await makeSigningKey(ports, ring, purpose, generation)).key] : [];
  await publishTrust(ports, ring, { signing });
}

function recordOf(key: SigningKeyRecord): SigningKeyRecord {
  const { kid, purpose, generation, state, publicKey, createTime, retireTime } = key;
  return { kid, purpose, generation, state, publicKey, createTime, retireTime };
}
