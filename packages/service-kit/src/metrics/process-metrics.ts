import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metrics } from "./metrics.ts";

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/** Tells of the process itself: by the names that every Prometheus knows, where there are such. */
export function processMetrics(metrics: Metrics): Disposable {
  const delay = metrics.gauges(
    {
      name: "leasehold_event_loop_delay_seconds",
      help: "How late the event loop was, since it was asked last",
    },
    "quantile",
    ["0.5", "0.99", "1"],
  );
  const cpu = metrics.counter({
    name: "process_cpu_seconds_total",
    help: "CPU time, of user and system",
  });
  const resident = metrics.gauge({
    name: "process_resident_memory_bytes",
    help: "Memory that is not swapped out",
  });
  const heap = metrics.gauge({
    name: "nodejs_heap_size_used_bytes",
    help: "Memory of the JavaScript heap that is in use",
  });
  metrics
    .gauge({ name: "process_start_time_seconds", help: "When the process began, since 1970" })
    .set((Date.now() - process.uptime() * 1_000) / 1_000);
  const seen = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  seen.enable();
  const late = (nanoseconds: number) =>
    Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1e3);
  using stack = new DisposableStack();
  stack.defer(() => seen.disable());
  stack.use(
    metrics.look(() => {
      if (seen.count > 0) {
        delay["0.5"].set(late(seen.percentile(50)));
        delay["0.99"].set(late(seen.percentile(99)));
        delay["1"].set(late(seen.max));
        seen.reset();
      }
      const { user, system } = process.cpuUsage();
      cpu.value = (user + system) / MICROSECONDS;
      const memory = process.memoryUsage();
      resident.set(memory.rss);
      heap.set(memory.heapUsed);
    }),
  );
  return stack.move();
}
