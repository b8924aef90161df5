import type { Clock } from "@leasehold/kernel";
import { isOver } from "../domain/bootstrap.ts";
import type { AdministratorReads, BootstrapToken } from "./administrator-ports.ts";

type Store = Pick<AdministratorReads, "countOwners" | "seeBootstrapToken">;

/**
 * The bootstrap token of a configuration, with a time of its own: it goes on from as far as any
 * issuer had come with this token, and no slower than this process' own time passes. Neither a
 * restart nor a wall clock that is set back makes the token live longer.
 * @param sha256 of the token
 */
export async function openBootstrapToken(
  store: Store,
  clock: Clock,
  sha256: Uint8Array,
): Promise<BootstrapToken> {
  const { latestTime } = await store.seeBootstrapToken(sha256, clock.now());
  const opened = clock.monotonic();
  const passed = () => Math.floor(clock.monotonic() - opened);
  return { sha256, now: () => Math.max(clock.now(), latestTime + passed()) };
}

/** Remembers how far time has come. @returns whether the token is still of use */
export async function keepBootstrapToken(store: Store, token: BootstrapToken): Promise<boolean> {
  const known = await store.seeBootstrapToken(token.sha256, token.now());
  return !isOver(known) && (await store.countOwners()) === 0;
}
