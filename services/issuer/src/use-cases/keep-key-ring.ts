import type { CurrentKeyRing } from "./key-ring.ts";
import type { FeedWatch } from "./license-ports.ts";
import { openKeyRing, readKeyRing } from "./open-key-ring.ts";
import type { OpenKeyRing } from "./open-key-ring.ts";

/** The key ring of this process, which follows what any issuer changes. */
export interface KeyRingKeeper {
  readonly currentKeyRing: CurrentKeyRing;
  /** Takes over what has changed; costs one small read if nothing has. */
  refreshKeyRing(): Promise<void>;
}

/**
 * Opens the key ring and keeps it.
 * @throws Error that tells which secret does not belong to this database
 */
export async function keepKeyRing(opening: OpenKeyRing): Promise<KeyRingKeeper> {
  let current = await openKeyRing(opening);
  return {
    currentKeyRing: () => current,
    refreshKeyRing: async () => {
      if ((await opening.keyRingStore.latestVersion()) <= current.version) return;
      const read = await readKeyRing(opening);
      // Somebody else may have refreshed meanwhile, and seen more.
      if (read.version > current.version) current = read;
    },
  };
}

/**
 * Refreshes the key ring upon news, until the signal aborts. Until it has heard, a process signs
 * with a former key; what it signed is believed, unless the key was revoked.
 * @param onFailure is told what went wrong; it is tried again upon the next news
 */
export async function followKeyRing(
  { refreshKeyRing }: Pick<KeyRingKeeper, "refreshKeyRing">,
  news: FeedWatch,
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await news.next(signal);
    if (signal.aborted) return;
    await refreshKeyRing().catch(onFailure);
  }
}
