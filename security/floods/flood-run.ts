import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Done, Order } from "./flooder.ts";

/** How much longer than it is told a worker may take. */
const LIMIT_MS = 30_000;

/** Carries out one flood, in a thread of its own. */
export async function runFlood(order: Order): Promise<Done> {
  const worker = new Worker(new URL("./flooder.ts", import.meta.url), {
    workerData: order,
    execArgv: ["--conditions=source"],
  });
  try {
    const signal = AbortSignal.timeout(order.lastsMs + LIMIT_MS);
    const [done] = (await once(worker, "message", { signal })) as [Done];
    return done;
  } finally {
    await worker.terminate();
  }
}
