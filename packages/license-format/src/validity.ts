import type { TokenFault } from "./verified.ts";

/** How far the clocks of a signer and a verifier may lie apart, in milliseconds. */
export const CLOCK_LEEWAY = 60_000;

/**
 * Whether a token is of this time. One from the near future is, within the leeway: it was
 * just signed, on a machine whose clock is ahead. None is after its end.
 * @param now milliseconds since 1970
 */
export function timeFault(
  issuedAt: number,
  end: number,
  now: number,
): Extract<TokenFault, "expired" | "not-yet"> | undefined {
  // Turned round, so that a time that is no number is out of every token's time.
  if (!(now < end)) return "expired";
  if (issuedAt > now + CLOCK_LEEWAY) return "not-yet";
  return undefined;
}
