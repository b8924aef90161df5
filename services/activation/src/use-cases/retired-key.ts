import { isProblem, type Problem } from "@leasehold/kernel";
import { keyGenerationRetired } from "../domain/activation-problems.ts";
import type { UnlockLimits } from "./unlock-limits.ts";
import type { KeyJudge, TypedLicense } from "./unlock-ports.ts";

/** What telling of a retired key needs. */
export interface RetiredKeyPorts {
  readonly judge: KeyJudge;
  readonly limits: Pick<UnlockLimits, "admit">;
  /** Whom the holder of a retired key should ask, unless the product says otherwise. */
  readonly salesContact: string;
}

/**
 * What the holder of a key of an earlier generation is told: what to do, and whom to ask. The key is
 * recognised by its shape and never looked up; the issuer, who knows it by its shape as well, tells
 * the product's contact, and its own advice. While it is away, the deployment's contact is told.
 * @throws Problem RATE_LIMITED
 */
export async function retiredKeyProblem(
  { judge, limits, salesContact }: RetiredKeyPorts,
  typed: Omit<TypedLicense, "supportReference">,
  advice: string,
  { network }: { readonly network: string },
  signal: AbortSignal,
): Promise<Problem> {
  const { productKey, licensee, product } = typed;
  await limits.admit({ network, productKey });
  const told = await judge
    .verifyProductKey({ productKey, licensee, product, supportReference: "" }, signal)
    .then(
      () => undefined,
      (error: unknown) => (isProblem(error, "KEY_GENERATION_RETIRED") ? error : undefined),
    );
  const contact = told?.metadata["contact"] ?? "";
  return keyGenerationRetired(
    told?.metadata["advice"] ?? advice,
    contact === "" ? salesContact : contact,
  );
}
