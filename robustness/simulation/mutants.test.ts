import { testRedis } from "@leasehold/testkit";
import { expect, test, vi } from "vitest";
import { type Mutant, MUTANTS } from "./mutants.ts";
import { runSimulation } from "./simulate.ts";

vi.setConfig({ testTimeout: 120_000 }); // as long as the machine is busy

const SEEDS = Array.from({ length: 12 }, (_, index) => String(index + 1));

test.each(Object.entries<Mutant>(MUTANTS))(
  "a history shows that something is wrong when %s",
  async (name, { shows, ...mutant }) => {
    await using redis = await testRedis();
    const figures = await runSimulation({
      redisUrl: redis.url,
      seeds: SEEDS,
      untilViolated: true,
      ...mutant,
    });
    const [shown] = figures.violations;
    console.log(
      `${name}: seed ${shown?.seed}, at ${Math.round(shown?.at ?? 0)} ms: ${shown?.kind}`,
    );
    expect(shows).toContain(shown?.kind);
  },
);
