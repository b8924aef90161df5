import { cpuName } from "../run/compare.ts";
import type { KeptBar } from "../run/results.ts";
import { shareName } from "../site/watch-processes.ts";
import { ASSUMED, capacityFor, type MeasuredCosts, seatsOfShard } from "./capacity-plan.ts";
import { medianIn, NOTHING_MEASURED } from "./figure-tables.ts";
import { table } from "./marked-text.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000, 5_000_000];
const GIB = 2 ** 30;

/** A table of what numbers of live seats need, and what it comes from; which bars are missing if some are. */
export function capacityText(bars: readonly KeptBar[]): string {
  const costs = costsIn(bars);
  if (costs.kind === "missing") {
    const missing = costs.names.map((name) => `\`${name}\``).join(", ");
    return `${NOTHING_MEASURED} The table is made from ${missing}.`;
  }
  const million = bars.find(({ name }) => name === "million");
  const { costs: measured } = costs;
  return [
    planTable(measured),
    assumptions(measured),
    shardText(measured),
    ...(million ? [millionText(million)] : []),
  ].join("\n\n");
}

function planTable(costs: MeasuredCosts): string {
  const rows = SIZES.map((seats) => {
    const plan = capacityFor(seats, costs);
    return [
      whole(seats),
      whole(plan.heartbeatsPerSecond),
      whole(plan.acquiresPerSecond),
      String(plan.brokers),
      gibibytes(plan.brokerMemory),
      `${Number((100 * plan.redisShare).toPrecision(2))} %`,
      String(plan.redisShards),
      gibibytes(plan.redisMemory),
      whole(plan.postgresRowsPerSecond),
    ];
  });
  return table(
    [
      "live seats",
      "heartbeats/s",
      "acquires/s",
      "seat-brokers",
      "memory of each",
      "Redis, of a processor",
      "shards",
      "Redis, memory",
      "Postgres, rows/s",
    ],
    rows,
  );
}

function assumptions({ renewal, acquire, ...costs }: MeasuredCosts): string {
  return `One process and stream for each seat, a heartbeat every ${ASSUMED.heartbeatEvery} s, everybody comes within ${ASSUMED.arrival / 60}
minutes, ${100 * ASSUMED.used} % of a processor may be used, ${ASSUMED.spare} seat-broker may be lost, ${whole(ASSUMED.streams)} streams each at most. Measured: _b_ = ${renewal.broker} µs,
_rb_ = ${renewal.redis} µs, AcquireSeat ${acquire.broker} µs and in Redis ${acquire.redis} µs (_a_ and _ra_ are twice that), _m_ = ${whole(costs.bytesPerStream)} bytes,
_m0_ = ${gibibytes(costs.bytesOfBroker)}, _z_ = ${costs.bytesPerSeat} bytes, ${costs.rowsPerSeat.toPrecision(2)} rows of Postgres for a seat that was had.`;
}

function shardText(costs: MeasuredCosts): string {
  return `**Past one Redis.** One Redis bears ${whole(Number(seatsOfShard(costs).toPrecision(2)))} live seats at ${100 * ASSUMED.used} % of its processor. A cluster has its licenses
spread over its shards, and seat-brokers know which is where, so that each further shard bears as many again; one license is on one shard, however
large it is.`;
}

function millionText({ details }: KeptBar): string {
  const share = (process: string) => `${details[shareName(process)] ?? "–"} %`;
  const brokers = [1, 2].map((number) => share(`seat-broker ${number}`)).join(" and ");
  return `The run of ${whole(Number(details["seats"]))} seats, a heartbeat every 15 s with ${whole(100)} seats a message, and 300 acquires and releases a second, took of a processor: seat-brokers
${brokers}, Redis ${share("Redis")}, Postgres ${share("Postgres")}; Postgres wrote ${details["Postgres, rows written a second"] ?? "–"} rows a second.`;
}

type CostsIn =
  | { readonly kind: "measured"; readonly costs: MeasuredCosts }
  | { readonly kind: "missing"; readonly names: readonly string[] };

function costsIn(bars: readonly KeptBar[]): CostsIn {
  const needed = [
    "keep-alive-vs-echo",
    "acquire-vs-echo",
    "bytes-per-stream",
    "bytes-per-seat",
    "million",
  ];
  // What calls that failed cost tells nothing of others.
  const sound = bars.filter(({ failures }) => failures.length === 0);
  const byName = new Map(sound.map((bar) => [bar.name, bar]));
  const number = (bar: string, detail: string) =>
    Number(medianIn(byName.get(bar)?.details[detail]));
  const figure = (bar: string, name: "bytesPerStream" | "bytesPerSeat") =>
    byName.get(bar)?.figures[name] ?? Number.NaN;
  const ofParts = (bar: string, side: string) => ({
    broker: number(bar, cpuName(side, "seat-broker")),
    redis: number(bar, cpuName(side, "Redis")),
  });
  const acquires = number("million", "acquires") / number("million", "seconds");
  const costs: MeasuredCosts = {
    renewal: ofParts("keep-alive-vs-echo", "KeepAlive"),
    acquire: ofParts("acquire-vs-echo", "AcquireSeat"),
    bytesPerStream: figure("bytes-per-stream", "bytesPerStream"),
    bytesOfBroker: number("bytes-per-stream", "resident before"),
    bytesPerSeat: figure("bytes-per-seat", "bytesPerSeat"),
    rowsPerSeat: number("million", "Postgres, rows written a second") / acquires,
  };
  const { renewal, acquire, ...others } = costs;
  const all = [
    renewal.broker,
    renewal.redis,
    acquire.broker,
    acquire.redis,
    ...Object.values(others),
  ];
  if (all.every(Number.isFinite)) return { kind: "measured", costs };
  const missing = needed.filter(
    (name) => Object.keys(byName.get(name)?.figures ?? {}).length === 0,
  );
  return { kind: "missing", names: missing.length === 0 ? needed : missing };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toPrecision(2)} GiB`;
}
