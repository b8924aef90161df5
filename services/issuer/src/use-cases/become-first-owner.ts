import { timingSafeEqual } from "node:crypto";
import { accountName } from "../domain/account-names.ts";
import { accountNotFound } from "../domain/account-problems.ts";
import type { Administrator } from "../domain/administrator.ts";
import { bootstrapEnded, bootstrapRefused } from "../domain/administrator-problems.ts";
import { isOver } from "../domain/bootstrap.ts";
import type { BootstrapToken } from "./administrator-ports.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** What makes the first owner. */
export interface BootstrapPorts extends IssuerPorts {
  /** `undefined` if this issuer was started without one. */
  readonly bootstrapToken: BootstrapToken | undefined;
}

/**
 * Makes the account that calls the first owner, if it has the bootstrap token. Of several who
 * try at a time, one does become the owner.
 * @param presented SHA-256 of the token that it has
 * @throws Problem `UNAUTHENTICATED` if that is another token, `BOOTSTRAP_ENDED` if there is an owner
 *   or the token is too old
 */
export async function becomeFirstOwner(
  ports: BootstrapPorts,
  mutation: Mutation,
  presented: Uint8Array,
): Promise<Administrator> {
  const { bootstrapToken, clock } = ports;
  const { caller, subject } = mutation;
  if (!bootstrapToken || !timingSafeEqual(bootstrapToken.sha256, presented))
    throw bootstrapRefused();
  if (caller.kind !== "account") throw accountNotFound();
  return carryOut(ports, mutation, async (writes) => {
    await writes.lockAdministrators();
    if ((await writes.countOwners()) > 0) throw bootstrapEnded();
    const now = bootstrapToken.now();
    if (isOver(await writes.seeBootstrapToken(bootstrapToken.sha256, now))) throw bootstrapEnded();
    const { account } = caller;
    const grant = { role: "OWNER", grantedBy: subject, grantTime: clock.now() } as const;
    await writes.grantRole(account, grant);
    const owner = await writes.findAdministrator(account);
    if (!owner) throw accountNotFound();
    return { result: owner, resource: accountName(account) };
  });
}
