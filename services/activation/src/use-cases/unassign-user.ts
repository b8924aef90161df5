import { ensureReach } from "../domain/customer-reach.ts";
import { namedUserNotFound } from "../domain/named-user-problems.ts";
import type { NamedUserPorts, NamedUserReads, PlaceCommand } from "./named-user-ports.ts";

/** A place to be taken back, or only looked at. */
export interface UnassignCommand extends PlaceCommand {
  readonly validateOnly: boolean;
}

/**
 * Takes a user's place back: somebody else may have it at once.
 * @returns the reply in bytes
 * @throws Problem NOT_FOUND, also if the license does not name the user; PERMISSION_DENIED
 */
export async function unassignUser(
  { store, clock, encode, report }: NamedUserPorts,
  { request, caller, license, user, validateOnly }: UnassignCommand,
): Promise<Uint8Array> {
  ensureReach(caller, license, "change");
  if (validateOnly) return encode(await namedUser(store, license, user));
  const { subject } = caller;
  let unassigned = false;
  const reply = await store.once(request, async (writes) => {
    const named = await namedUser(writes, license, user);
    await writes.unnameUser(named, { subject, time: clock.now() });
    unassigned = true;
    return encode(named);
  });
  if (unassigned) report({ kind: "unassigned", license, subject });
  return reply;
}

async function namedUser(
  reads: Pick<NamedUserReads, "findNamedUser">,
  license: string,
  user: string,
) {
  const named = await reads.findNamedUser(license, user);
  if (named === undefined) throw namedUserNotFound();
  return named;
}
