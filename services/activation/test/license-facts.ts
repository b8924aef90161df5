import type { LicenseFacts } from "../src/domain/license-facts.ts";

/** Facts of a license of customer `acme`, with whatever the test cares about. */
export function licenseFacts(
  license: number | string,
  revision: bigint,
  given: Partial<Omit<LicenseFacts, "license" | "revision">> = {},
): LicenseFacts {
  return {
    license: `customers/acme/licenses/${license}`,
    revision,
    state: "ACTIVE",
    product: "products/studio",
    terms: {
      model: "FLOATING",
      seats: 3,
      features: [
        { feature: "dataflow" },
        { feature: "diagrams", limit: 9_007_199_254_740_993n, seats: 2 },
        { feature: "workflow", seats: 0 },
      ],
      startTime: Date.UTC(2026, 0, 1),
      endTime: Date.UTC(2027, 0, 1),
      leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
      seatPolicy: Buffer.of(0, 1, 255),
      // `trial`.
      passedTerms: Buffer.of(0x40, 1),
    },
    ...given,
  };
}
