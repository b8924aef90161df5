import { EventEmitter } from "node:events";
import type { Installation } from "./installation.ts";
import { openInstallation } from "./open-installation.ts";
import { refreshInstallation, type RefreshOptions } from "./refresh-installation.ts";

/** What it takes to keep an installation fresh. */
export interface KeepFreshOptions extends Omit<RefreshOptions, "directory" | "signal"> {
  /** How often it is refreshed, in milliseconds; once a day if absent. */
  readonly everyMs?: number;
  /** 0 to 1, evenly; so that machines that start together do not refresh together. */
  readonly chance?: () => number;
}

/** What becomes of refreshes. */
export interface FreshEvents {
  /** There are new certificates: sessions that are opened from now on should have this installation. */
  refreshed: [Installation];
  /** A refresh failed, with a Problem or over something on this machine. It is tried again. */
  failed: [unknown];
}

/** An installation that is refreshed by itself, until it is disposed of. */
export interface FreshInstallation extends Disposable {
  /** As it is now. */
  readonly current: Installation;
  readonly events: EventEmitter<FreshEvents>;
}

const DAY_MS = 24 * 3_600_000;
/** The first time soon, but not along with everything else that an application does when it starts. */
const FIRST_MS = 60_000;
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;

/**
 * Refreshes an installation now and then. Holds no process up, and never throws into one: what goes
 * wrong is told by the event `failed`. Where another process has refreshed the directory, its
 * certificates are taken up.
 */
export function keepFresh(
  installation: Installation,
  options: KeepFreshOptions,
): FreshInstallation {
  const { everyMs = DAY_MS, chance = Math.random } = options;
  const events = new EventEmitter<FreshEvents>();
  const over = new AbortController();
  let current = installation;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  function arm(ms: number): void {
    if (over.signal.aborted) return;
    timer = setTimeout(() => void step(), ms * (0.5 + chance() / 2));
    timer.unref();
  }

  async function step(): Promise<void> {
    try {
      current = await newer(current, { ...options, signal: over.signal });
      failures = 0;
      // Not on this stack: a fault of the application's own is not one of the refresh.
      if (!over.signal.aborted) queueMicrotask(() => events.emit("refreshed", current));
      arm(everyMs);
    } catch (failure) {
      if (over.signal.aborted) return;
      queueMicrotask(() => events.emit("failed", failure));
      arm(Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS, everyMs));
      failures += 1;
    }
  }

  arm(Math.min(FIRST_MS, everyMs));
  return {
    get current() {
      return current;
    },
    events,
    [Symbol.dispose]: () => {
      over.abort();
      clearTimeout(timer);
    },
  };
}

async function newer(
  current: Installation,
  options: Omit<RefreshOptions, "directory">,
): Promise<Installation> {
  const { directory } = current;
  const opened = await openInstallation(directory, options.clock ? { clock: options.clock } : {});
  if (opened.kind === "unlocked" && opened.installation.refreshBy > current.refreshBy)
    return opened.installation;
  return refreshInstallation({ ...options, directory });
}
