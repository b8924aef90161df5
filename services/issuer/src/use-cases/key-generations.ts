import type { KeyGeneration } from "@leasehold/license-format";
import { type GenerationFacts, withRetired } from "../domain/key-generation.ts";
import {
  keyGenerationNotFound,
  keyGenerationStateConflict,
} from "../domain/product-key-problems.ts";
import { keyGenerationName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import type { KeyMaking, ProductKeyReads } from "./product-key-ports.ts";

/** What reading the generations takes. */
export interface GenerationPorts extends Pick<KeyMaking, "keyGenerations"> {
  readonly store: Pick<ProductKeyReads, "listRetiredGenerations">;
}

/** The generation to retire. */
export interface RetireKeyGeneration {
  readonly id: string;
  /** What to tell whoever types such a key. */
  readonly advice: string;
}

/** The generations of product keys as they are now, the newest in front. */
export async function listKeyGenerations({
  store,
  keyGenerations,
}: GenerationPorts): Promise<readonly KeyGeneration[]> {
  // Only an accepted one can have been retired: without one there is nothing to read.
  if (keyGenerations.every(({ status }) => status !== "ACCEPTED")) return keyGenerations;
  return withRetired(keyGenerations, await store.listRetiredGenerations());
}

/**
 * Ends that keys of an accepted generation unlock.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT` if it is the current one, or retired
 */
export function retireKeyGeneration(
  ports: Pick<IssuerPorts, "store" | "report" | "clock"> & Pick<KeyMaking, "keyGenerations">,
  mutation: Mutation,
  { id, advice }: RetireKeyGeneration,
): Promise<GenerationFacts> {
  return carryOut(ports, mutation, async (writes) => {
    const generation = ports.keyGenerations.find((known) => known.id === id);
    if (!generation) throw keyGenerationNotFound();
    if (generation.status !== "ACCEPTED") throw keyGenerationStateConflict(generation.status);
    const retired: GenerationFacts = { id, form: generation.form, status: "RETIRED", advice };
    if (!(await writes.retireGeneration(retired, ports.clock.now()))) {
      throw keyGenerationStateConflict(retired.status);
    }
    return { result: retired, resource: keyGenerationName(id) };
  });
}
