import type { LicenseRef } from "../domain/license.ts";
import type { StoredProductKey } from "../domain/product-key.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { lockLicenseForKeys, makeProductKey, type MakingPorts } from "./make-product-key.ts";
import type { CreatedProductKey } from "./create-product-key.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import type { KeyMaking, MadeProductKey } from "./product-key-ports.ts";

/** The keys to make. */
export interface GenerateProductKeys {
  readonly license: LicenseRef;
  readonly count: number;
}

/** Some of the keys that were made. */
export interface GeneratedKeys {
  readonly keys: readonly CreatedProductKey[];
  /** How many were made in all. */
  readonly made: number;
}

/** What is kept of the call, to answer it again: shorter than the keys' facts, of which there may be 10,000. */
interface Kept {
  readonly createTime: number;
  readonly keys: readonly Pick<StoredProductKey, "id" | "hint">[];
}

/** How many keys are told at a time: some 60 KiB. */
const CHUNK = 250;
/** After how many keys others get a turn. One takes some tens of microseconds. */
const TURN = 100;

/**
 * Makes many product keys of a license that is not revoked: all of them or none, committed before
 * the first is told. Whoever stops listening undoes nothing.
 * @throws Problem `NOT_FOUND`, `LICENSE_STATE_CONFLICT`
 */
export async function* generateProductKeys(
  ports: IssuerPorts & KeyMaking,
  mutation: Mutation,
  { license, count }: GenerateProductKeys,
): AsyncGenerator<GeneratedKeys, void, undefined> {
  let secrets: readonly string[] = [];
  const { createTime, keys } = await carryOut<Kept>(ports, mutation, async (writes) => {
    const now = ports.clock.now();
    const made = await makeMany(ports, license, now, count); // before the lock: nobody waits for it
    await lockLicenseForKeys(writes, license);
    await writes.insertProductKeys(made);
    secrets = made.map(({ secret }) => secret);
    const facts = made.map(({ productKey: { id, hint } }) => ({ id, hint }));
    return { result: { createTime: now, keys: facts }, resource: licenseName(license) };
  });
  for (let from = 0; from < keys.length; from += CHUNK) {
    const chunk = keys.slice(from, from + CHUNK).map(({ id, hint }, index) => ({
      productKey: { id, license, hint, createTime, state: "ACTIVE" as const },
      secret: secrets[from + index],
    }));
    yield { keys: chunk, made: keys.length };
  }
}

async function makeMany(
  ports: MakingPorts,
  license: LicenseRef,
  now: number,
  count: number,
): Promise<readonly MadeProductKey[]> {
  const made: MadeProductKey[] = [];
  while (made.length < count) {
    made.push(makeProductKey(ports, license, now));
    if (made.length % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return made;
}
