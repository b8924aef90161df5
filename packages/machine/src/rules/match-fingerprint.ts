import { TOLERATED_WEIGHT, weightOf } from "./component-weights.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Whether a machine is the one that it was. */
export type FingerprintMatch =
  | { readonly kind: "same"; readonly next: Fingerprint }
  /** The same machine, of which something changed: `next` is what it is known by from now on. */
  | { readonly kind: "drifted"; readonly next: Fingerprint }
  /** Another machine; by these components. */
  | { readonly kind: "other"; readonly differing: readonly string[] }
  /** Digests of different salts tell nothing about each other. */
  | { readonly kind: "incomparable" };

type Digests = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Compares what a machine presents with what it is known by. It is the same one if what changed or
 * vanished weighs no more than is tolerated, and no more than what stayed. Whatever came
 * up is taken in and held against nobody. One change at a time is followed for ever.
 */
export function matchFingerprint(known: Fingerprint, presented: Fingerprint): FingerprintMatch {
  if (!sameBytes(known.salt, presented.salt)) return { kind: "incomparable" };
  const [before, now] = [byComponent(known), byComponent(presented)];
  const differing: string[] = [];
  let stayed = 0;
  let lost = 0;
  for (const [component, digests] of before) {
    const weight = weightOf(component);
    const found = now.get(component);
    if (found && !digests.isDisjointFrom(found)) stayed += weight.same;
    else {
      differing.push(component);
      lost += found ? weight.changed : weight.vanished;
    }
  }
  if (stayed === 0 || lost > Math.min(TOLERATED_WEIGHT, stayed))
    return { kind: "other", differing };
  return { kind: sameDigests(before, now) ? "same" : "drifted", next: presented };
}

/** Of a component that a machine has several of, `mac.0` and `mac.1`, any one that is the same will do. */
function byComponent({ components }: Fingerprint): Digests {
  const digests = new Map<string, Set<string>>();
  for (const [name, digest] of components) {
    const component = name.replace(/\.\d+$/, "");
    const texts = digests.get(component) ?? new Set();
    digests.set(component, texts.add(Buffer.from(digest).toString("base64")));
  }
  return digests;
}

function sameDigests(before: Digests, now: Digests): boolean {
  if (before.size !== now.size) return false;
  return [...before].every(([component, digests]) => {
    const found = now.get(component);
    return found !== undefined && digests.symmetricDifference(found).size === 0;
  });
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
