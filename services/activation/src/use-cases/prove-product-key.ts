import { isProblem, type RandomBytes } from "@leasehold/kernel";
import { supportReference } from "../domain/support-reference.ts";
import { unlockRefused } from "../domain/unlock-problems.ts";
import type { MachineToUnlock, UnlockEvent } from "./unlock-command.ts";
import type { UnlockLimits } from "./unlock-limits.ts";
import type { KeyJudge, UnlockableLicense } from "./unlock-ports.ts";

/** What proving a product key needs. */
export interface ProvingPorts {
  readonly judge: KeyJudge;
  readonly limits: Pick<UnlockLimits, "failed">;
  readonly random: RandomBytes;
  readonly report: (event: UnlockEvent) => void;
}

/**
 * The license that a key unlocks for a licensee. Whoever is refused is told a reference, and nothing
 * that tells refusals apart; it counts as a guess.
 * @throws Problem UNLOCK_REFUSED, and what else the issuer says of the key or its license
 */
export async function proveProductKey(
  { judge, limits, random, report }: ProvingPorts,
  { productKey, licensee, product }: MachineToUnlock,
  network: string,
  signal: AbortSignal,
): Promise<UnlockableLicense> {
  const reference = supportReference(random);
  const typed = { productKey, licensee, product, supportReference: reference };
  try {
    return await judge.verifyProductKey(typed, signal);
  } catch (error) {
    if (!isProblem(error, "UNLOCK_REFUSED")) throw error;
    await limits.failed({ network, productKey });
    report({ kind: "refused", reason: error.reason, product, reference });
    throw unlockRefused(reference, error);
  }
}
