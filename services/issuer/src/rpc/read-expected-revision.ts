import type { Check } from "@leasehold/service-kit";

/** Bounds of a revision; 0 stands for none. */
export const REVISION = { min: 0n, max: 2n ** 63n - 1n } as const;

/** The revision that the caller saw, if it wants it compared. */
export function readExpectedRevision(
  check: Check,
  { expectedRevision }: { readonly expectedRevision: bigint },
): { readonly expectedRevision?: bigint } {
  const expected = check.integer("expected_revision", expectedRevision, REVISION);
  return expected === 0n ? {} : { expectedRevision: expected };
}
