import { readRootSuccession, type SigningKey, thumbprint } from "@leasehold/license-format";
import { ForeignSecret } from "../domain/foreign-secret.ts";
import type { Succession } from "./signing-ports.ts";

/**
 * Reads how one comes from earlier roots to the one that signs.
 * @param tokens `root+jwt`s, the earliest first
 * @throws Error if they do not lead there, one after the other
 */
export async function rootSuccessions(
  tokens: readonly string[],
  deployment: string,
  root: Pick<SigningKey, "kid">,
): Promise<readonly Succession[]> {
  const read = await Promise.all(
    tokens.map(async (token) => {
      const succession = await readRootSuccession(token);
      if (succession.kind === "refused" || succession.claims.deployment !== deployment)
        throw new ForeignSecret("rootSuccessions", "a root succession is none of this deployment");
      const { predecessor, successor } = succession.claims;
      return { token, predecessor, successor: thumbprint(successor) };
    }),
  );
  for (const [index, { successor }] of read.entries()) {
    const next = read[index + 1];
    if (successor !== (next ? thumbprint(next.predecessor) : root.kid))
      throw new ForeignSecret(
        "rootSuccessions",
        "the root successions do not lead to the root key, one after the other",
      );
  }
  return read.map(({ token, predecessor }) => ({ token, predecessor }));
}
