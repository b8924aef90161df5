import { get } from "node:http";
import { afterEach, expect, test } from "vitest";
import { exportMetrics } from "../src/metrics/export-metrics.ts";
import { Metrics } from "../src/metrics/metrics.ts";
import { storeMetrics } from "../src/metrics/store-metrics.ts";

const LOST = { name: "leasehold_lost_total", help: "What was lost" };
let stack = new AsyncDisposableStack();

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** Where the metrics of a process are read. */
async function served(metrics: Metrics): Promise<string> {
  let address = "";
  const line = (facts: Readonly<Record<string, unknown>>) => {
    address = String(facts["address"]);
  };
  const log = { debug: line, info: line, warn: line, error: line };
  const options = { service: "sample", listen: "127.0.0.1:0", endpoint: undefined, log };
  stack.use(await exportMetrics(metrics, options));
  return `http://${address}/metrics`;
}

const read = async (url: string) => (await fetch(url)).text();

test("what is counted is read, each value under its label, from 0 on", async () => {
  const metrics = new Metrics();
  const lost = metrics.counters(LOST, "what", ["key", "hat"]);
  lost.hat.add(3);
  const text = await read(await served(metrics));
  expect(text).toContain("# HELP leasehold_lost_total What was lost\n");
  expect(text).toContain("# TYPE leasehold_lost_total counter\n");
  expect(text).toContain('leasehold_lost_total{what="key"} 0\n');
  expect(text).toContain('leasehold_lost_total{what="hat"} 3\n');
});

test("buckets count what is not above them, the last one everything", async () => {
  const metrics = new Metrics();
  const sizes = metrics.histogram({ name: "leasehold_size_bytes", help: "Sizes" }, [1, 10]);
  for (const size of [1, 2, 10, 11]) sizes.observe(size);
  const text = await read(await served(metrics));
  expect(text).toContain('leasehold_size_bytes_bucket{le="1"} 1\n');
  expect(text).toContain('leasehold_size_bytes_bucket{le="10"} 3\n');
  expect(text).toContain('leasehold_size_bytes_bucket{le="+Inf"} 4\n');
  expect(text).toContain("leasehold_size_bytes_sum 24\n");
});

test("what is not known is not told, and the rest is", async () => {
  const metrics = new Metrics();
  metrics.gauge({ name: "leasehold_unknown", help: "Nobody knows" });
  const known = metrics.gauge({ name: "leasehold_known", help: "It is known" });
  metrics.look(() => {
    known.set(1);
  });
  metrics.look(() => Promise.reject(new Error("it cannot be found out")));
  const text = await read(await served(metrics));
  expect(text).toContain("leasehold_known 1\n");
  expect(text).not.toMatch(/^leasehold_unknown \d/m);
});

test("a store that does not answer is down, and nothing is told of how long it takes", async () => {
  const metrics = new Metrics();
  let isUp = true;
  const check = () => (isUp ? Promise.resolve() : Promise.reject(new Error("away")));
  storeMetrics(metrics).watch({ name: "redis", check });
  const url = await served(metrics);
  expect(await read(url)).toMatch(/leasehold_store_round_trip_seconds\{store="redis"\} \d/);
  isUp = false;
  const text = await read(url);
  expect(text).toContain('leasehold_store_up{store="redis"} 0\n');
  expect(text).not.toMatch(/leasehold_store_round_trip_seconds\{/);
});

test("a name is a metric's once, and fits its kind", () => {
  const metrics = new Metrics();
  metrics.counter(LOST);
  expect(() => metrics.counter(LOST)).toThrow("already");
  expect(() => metrics.counter({ name: "leasehold_lost", help: "" })).toThrow("no name");
  expect(() => metrics.gauge({ name: "leasehold_sum_total", help: "" })).toThrow("no name");
});

test.each([
  ["GET", "/", 404],
  ["GET", "/metrics/more", 404],
  ["POST", "/metrics", 405],
  ["DELETE", "/metrics", 405],
])("%s %s is answered with %i", async (method, path, status) => {
  const { origin } = new URL(await served(new Metrics()));
  expect((await fetch(origin + path, { method })).status).toBe(status);
});

test("a head that has no end is cut off", async () => {
  const url = await served(new Metrics());
  const status = await new Promise((resolve, reject) => {
    get(url, { headers: { x: "y".repeat(20_000) } }, ({ statusCode }) => resolve(statusCode)).on(
      "error",
      reject,
    );
  });
  expect(status).toBe(431);
});
