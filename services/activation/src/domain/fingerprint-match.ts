import type { Fingerprint } from "./installation.ts";

/** What a component counts. Every other one counts 1. */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ["cloud-instance-id", 3],
  ["machine-id", 3],
  ["dmi", 3],
  ["disk", 2],
  ["mac", 2],
  ["cpu", 1],
  ["hostname", 1],
]);

/** The least part of the weight that must agree, in hundredths. */
const LEAST_PERCENT = 60;

/**
 * Whether a machine is the known one: of the weight of the components that both tell, 60 % must agree.
 * A machine that told of itself once goes on telling, by digests of the same salt; one that never
 * told may be any.
 */
export function matches(
  known: Fingerprint | undefined,
  presented: Fingerprint | undefined,
): boolean {
  if (known === undefined || known.components.size === 0) return true;
  if (presented === undefined || !isSame(known.salt, presented.salt)) return false;
  let both = 0;
  let agreed = 0;
  for (const [component, digest] of known.components) {
    const now = presented.components.get(component);
    if (now === undefined) continue;
    const weight = WEIGHTS.get(component) ?? 1;
    both += weight;
    if (isSame(digest, now)) agreed += weight;
  }
  return both > 0 && agreed * 100 >= both * LEAST_PERCENT;
}

/** The machine as it is known from now on: what it told last of each component. */
export function drifted(
  known: Fingerprint | undefined,
  presented: Fingerprint | undefined,
): Fingerprint | undefined {
  if (known === undefined || presented === undefined) return presented ?? known;
  if (!isSame(known.salt, presented.salt)) return presented;
  return { salt: known.salt, components: new Map([...known.components, ...presented.components]) };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
