import { processFacts } from "./process-facts.ts";

const POLL_MS = 500;

/** A process, told from a later one of the same number by when it started. */
interface Launcher {
  readonly pid: number;
  readonly startTime: string;
}

/**
 * Calls `whenGone`, once, when one of the processes that launched this one has ended: the package
 * runner, which starts scripts in a process group of their own, the shell above it, and whatever
 * else of the session. No signal tells of their death when they are killed with SIGKILL. Does not
 * keep this process alive.
 */
export function watchLaunchers(whenGone: () => void): Disposable {
  const parent = process.ppid;
  const launchers = launchersOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && launchers.every(isAlive)) return;
    clearInterval(timer);
    whenGone();
  }, POLL_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Without /proc (macOS) the parent alone is watched. */
function launchersOf(parent: number): readonly Launcher[] {
  const session = processFacts(process.pid)?.session;
  const launchers: Launcher[] = [];
  for (let pid = parent; pid > 1;) {
    const found = processFacts(pid);
    if (found === undefined || found.session !== session) break;
    launchers.push({ pid, startTime: found.startTime });
    pid = found.parent;
  }
  return launchers;
}

function isAlive({ pid, startTime }: Launcher): boolean {
  const found = processFacts(pid);
  return found !== undefined && found.startTime === startTime && !found.ended;
}
