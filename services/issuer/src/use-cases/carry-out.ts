import type { Deed, Mutation } from "./mutation.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/**
 * Carries a mutation out, once, and reports it. The only way in which a call changes anything:
 * the work runs in one transaction, together with its audit entry.
 * @throws Problem `REQUEST_ID_REUSED`, `REQUEST_IN_FLIGHT`, or what `work` throws, upon which
 *   nothing is kept
 */
export async function carryOut<Result>(
  { store, report }: Pick<IssuerPorts, "store" | "report">,
  mutation: Mutation,
  work: (writes: IssuerWrites) => Promise<Deed<Result>>,
): Promise<Result> {
  const { kind, result, resource } = await store.once(mutation, work);
  const { method, subject } = mutation;
  if (kind === "done") report({ kind: "carried-out", method, subject, resource });
  return result;
}
