import { describe, expect, it } from "vitest";
import { capacityFor, type MeasuredCosts, seatsOfShard } from "./capacity-plan.ts";

const COSTS: MeasuredCosts = {
  renewal: { broker: 10, redis: 4 },
  acquire: { broker: 60, redis: 16 },
  bytesPerStream: 20_000,
  bytesOfBroker: 200_000_000,
  bytesPerSeat: 300,
  rowsPerSeat: 2,
};

describe("a plan of capacity", () => {
  it("has one seat-broker that works and one to lose where few seats are live", () => {
    expect(capacityFor(1_000, COSTS)).toMatchObject({ brokers: 2, redisShards: 1 });
  });

  it("has as many seat-brokers as streams ask for, where that is more than processors do", () => {
    // 500,000 / 50,000 streams, while (44,444 · 10 µs + 278 · 60 µs) / 0.5 is one processor.
    expect(capacityFor(500_000, COSTS).brokers).toBe(11);
  });

  it("has as many shards as keep each below half a processor", () => {
    const most = seatsOfShard(COSTS);
    expect(capacityFor(Math.floor(most), COSTS).redisShards).toBe(1);
    expect(capacityFor(Math.ceil(most) + 1, COSTS).redisShards).toBe(2);
  });

  it("counts streams of whoever is left when one seat-broker is lost", () => {
    const { brokers, brokerMemory } = capacityFor(100_000, COSTS);
    expect(brokers).toBe(3);
    expect(brokerMemory).toBe(1.5 * (200_000_000 + 20_000 * 50_000));
  });
});
