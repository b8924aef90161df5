import { newUuid } from "@leasehold/kernel";
import { ensureReach } from "../domain/customer-reach.ts";
import { ensurePlace } from "../domain/named-user.ts";
import { licenseNotFound } from "../domain/named-user-problems.ts";
import type { NamedUserPorts, PlaceCommand } from "./named-user-ports.ts";

/**
 * Gives a user a place of a license; one who has a place keeps it. Of two who race for the last place
 * one gets it.
 * @returns the reply in bytes
 * @throws Problem NOT_FOUND, PERMISSION_DENIED; INVALID_REQUEST if the license names no users;
 *   LICENSE_REVOKED; LIMIT_REACHED
 */
export async function assignUser(
  { store, clock, random, encode, report }: NamedUserPorts,
  { request, caller, license, user }: PlaceCommand,
): Promise<Uint8Array> {
  ensureReach(caller, license, "change");
  const { subject } = caller;
  let assigned = false;
  const reply = await store.once(request, async (writes) => {
    const naming = await writes.findNaming(license);
    if (naming === undefined) throw licenseNotFound();
    const known = await writes.findNamedUser(license, user);
    if (known !== undefined) return encode(known);
    ensurePlace(naming, user);
    const id = newUuid(clock, random);
    const named = { id, license, user, assignTime: clock.now(), assignedBy: subject };
    await writes.nameUser(named);
    assigned = true;
    return encode(named);
  });
  if (assigned) report({ kind: "assigned", license, subject });
  return reply;
}
