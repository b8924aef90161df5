import type { activation } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { Fingerprint } from "../domain/installation.ts";

const DIGEST_BYTES = 32;
const SALT_BYTES = { min: 16, max: 64 };
const MOST_COMPONENTS = 32;
/** As certificates carry them. */
const COMPONENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A machine, as a request tells it in its field `fingerprint`. */
export function parseFingerprint(
  check: Check,
  { salt, components }: activation.Fingerprint,
): Fingerprint {
  const named = check.list(
    "fingerprint.components",
    Object.entries(components),
    { max: MOST_COMPONENTS },
    ([name, digest], field) =>
      [
        check.matching(
          field,
          name,
          COMPONENT,
          "must be named by letters, digits, '.', '_' and '-'",
        ),
        check.bytes(field, digest, DIGEST_BYTES),
      ] as const,
  );
  return {
    salt: check.bytes("fingerprint.salt", salt, SALT_BYTES),
    components: new Map(named),
  };
}
