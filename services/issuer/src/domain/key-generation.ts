import type { KeyGeneration } from "@leasehold/license-format";

/** A generation of product keys that was retired while the service ran. */
export type RetiredGeneration = Pick<KeyGeneration, "id" | "advice">;

/** What is told of a generation of product keys. */
export type GenerationFacts = Pick<KeyGeneration, "id" | "form" | "status" | "advice">;

/** The generations as they are, with those that were retired since the code was written. */
export function withRetired(
  generations: readonly KeyGeneration[],
  retired: readonly RetiredGeneration[],
): readonly KeyGeneration[] {
  const advice = new Map(retired.map((one) => [one.id, one.advice]));
  return generations.map((generation) => {
    const given = advice.get(generation.id);
    return given === undefined ? generation : { ...generation, status: "RETIRED", advice: given };
  });
}
