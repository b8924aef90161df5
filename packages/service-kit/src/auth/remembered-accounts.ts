import type { Clock } from "@leasehold/kernel";
import { LRUCache } from "lru-cache";
import type { FindAccount, FoundAccount } from "./account-authenticator.ts";

/** How long what was found counts. A membership that ended is of use for no longer. */
const FOUND_MS = 30_000;
/** How long it counts that there is no account: people who have just registered come at once. */
const ABSENT_MS = 2_000;
const MOST = 10_000;

interface Remembered {
  readonly found: FoundAccount | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Remembers for a short time, by when it was asked, what accounts were found; who asks while the
 * answer is on its way waits for the same. Failures are not remembered.
 */
export function rememberedAccounts(find: FindAccount, clock: Pick<Clock, "now">): FindAccount {
  const known = new LRUCache<string, Remembered>({ max: MOST });
  const pending = new Map<string, Promise<FoundAccount | undefined>>();
  const ask = async (key: string, identity: Parameters<FindAccount>[0]) => {
    const asked = clock.now();
    const found = await find(identity);
    known.set(key, { found, until: asked + (found ? FOUND_MS : ABSENT_MS) });
    return found;
  };
  return ({ issuer, subject }) => {
    const key = JSON.stringify([issuer, subject]);
    const remembered = known.get(key);
    if (remembered && clock.now() < remembered.until) return Promise.resolve(remembered.found);
    const under = pending.get(key);
    if (under) return under;
    const asking = ask(key, { issuer, subject }).finally(() => pending.delete(key));
    pending.set(key, asking);
    return asking;
  };
}
