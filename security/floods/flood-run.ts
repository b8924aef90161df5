import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Done, Order } from "./flooder.ts";

/** How much longer than it is told a flood may take. */
const LIMIT_MS = 60_000;

/** A thread that floods. */
export interface Flooder extends AsyncDisposable {
  /** Carries out one flood. */
  run(order: Order): Promise<Done>;
}

export function startFlooder(): Flooder {
  const worker = new Worker(new URL("./flooder.ts", import.meta.url), {
    execArgv: ["--conditions=source"],
  });
  return {
    run: async (order) => {
      const signal = AbortSignal.timeout(order.lastsMs + LIMIT_MS);
      const answer = once(worker, "message", { signal });
      worker.postMessage(order, []);
      const [done] = (await answer) as [Done];
      return done;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
