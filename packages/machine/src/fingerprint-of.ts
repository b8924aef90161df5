import { createHmac, randomBytes } from "node:crypto";
import type { Component } from "./component.ts";
import type { Fingerprint } from "./rules/fingerprint.ts";

const SALT_BYTES = 32;
const LONGEST_SALT = 64;
const SHORTEST_SALT = 16;
const LABEL = "leasehold/fingerprint/v1";

/** A salt for an installation: made once, and kept with it. */
export function newFingerprintSalt(): Uint8Array {
  return randomBytes(SALT_BYTES);
}

/**
 * Makes a fingerprint: of each component the HMAC-SHA-256, under the salt, of its kind and its value.
 * Components of a kind have digests that do not depend on their order.
 * @param salt 16 to 64 bytes
 * @returns `undefined` if there is no component: there is nothing to tell the machine by
 * @throws RangeError if the salt is of another length
 */
export function fingerprintOf(
  components: readonly Component[],
  salt: Uint8Array,
): Fingerprint | undefined {
  if (salt.length < SHORTEST_SALT || salt.length > LONGEST_SALT)
    throw new RangeError(`a salt has ${SHORTEST_SALT} to ${LONGEST_SALT} bytes`);
  if (components.length === 0) return undefined;
  return {
    salt,
    components: new Map(components.map(({ name, value }) => [name, digestOf(name, value, salt)])),
  };
}

function digestOf(name: string, value: string, salt: Uint8Array): Uint8Array {
  const kind = name.replace(/\.\d+$/, "");
  return createHmac("sha256", salt).update(`${LABEL}\0${kind}\0${value}`).digest();
}
