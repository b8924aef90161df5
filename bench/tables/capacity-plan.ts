/** What single things cost, as it was measured. Microseconds are of a processor, memory is in bytes. */
export interface MeasuredCosts {
  /** A renewal of one lease on a stream. */
  readonly renewal: { readonly broker: number; readonly redis: number };
  /** AcquireSeat. ReleaseSeat costs no more. */
  readonly acquire: { readonly broker: number; readonly redis: number };
  readonly bytesPerStream: number;
  readonly bytesOfBroker: number;
  readonly bytesPerSeat: number;
  /** Of Postgres, for a seat that was had. */
  readonly rowsPerSeat: number;
}

/** What a number of live seats needs. */
export interface CapacityPlan {
  readonly heartbeatsPerSecond: number;
  readonly acquiresPerSecond: number;
  readonly brokers: number;
  /** Of each, bytes. */
  readonly brokerMemory: number;
  /** Share of a processor, of all shards together. */
  readonly redisShare: number;
  readonly redisShards: number;
  /** Of all shards together, bytes. */
  readonly redisMemory: number;
  readonly postgresRowsPerSecond: number;
}

/** What the plan assumes, beside what was measured. */
export const ASSUMED = {
  /** Seconds between two heartbeats: a quarter of a validity of 45. */
  heartbeatEvery: 11.25,
  /** Seconds within which everybody takes a seat in the morning. */
  arrival: 3_600,
  /** Part of a processor that may be used at the busiest time. */
  used: 0.5,
  /** Seat-brokers that may be lost at a time. */
  spare: 1,
  /** Streams of a seat-broker, as it is set unless told otherwise. */
  streams: 50_000,
  /** Memory that is collected later, as a factor. */
  garbage: 1.5,
  /** Memory of Redis while it writes a snapshot, as a factor. */
  snapshot: 2,
} as const;

const MICROS = 1_000_000;

/** One process, with one stream, for each seat: the most work that seats can make. */
export function capacityFor(seats: number, costs: MeasuredCosts): CapacityPlan {
  const { used, spare, streams, garbage, snapshot } = ASSUMED;
  const heartbeatsPerSecond = seats / ASSUMED.heartbeatEvery;
  const acquiresPerSecond = seats / ASSUMED.arrival;
  const share = (of: "broker" | "redis") =>
    (heartbeatsPerSecond * costs.renewal[of] + 2 * acquiresPerSecond * costs.acquire[of]) / MICROS;
  const working = Math.max(1, Math.ceil(share("broker") / used), Math.ceil(seats / streams));
  return {
    heartbeatsPerSecond,
    acquiresPerSecond,
    brokers: working + spare,
    brokerMemory: garbage * (costs.bytesOfBroker + (costs.bytesPerStream * seats) / working),
    redisShare: share("redis"),
    redisShards: Math.max(1, Math.ceil(share("redis") / used)),
    redisMemory: snapshot * costs.bytesPerSeat * seats,
    postgresRowsPerSecond: costs.rowsPerSeat * acquiresPerSecond,
  };
}

/** The most live seats that one Redis bears: a shard of a cluster, whose licenses are its own. */
export function seatsOfShard({ renewal, acquire }: MeasuredCosts): number {
  const each = renewal.redis / ASSUMED.heartbeatEvery + (2 * acquire.redis) / ASSUMED.arrival;
  return (ASSUMED.used * MICROS) / each;
}
