import { inBackground, pause } from "@leasehold/service-kit";
import type { Postgres, RedisConnection } from "@leasehold/store-kit";
import type { Events } from "./events.ts";
import { epochInRedis, raiseEpoch } from "./store/epochs.ts";
import { raiseEpochs, type RaiseEpochsPorts } from "./use-cases/raise-epochs.ts";

const TRY_AGAIN_MS = 10_000;

/** Looks, once, whether the database was put back, and tries until it could. */
export function lookForRestored(
  stack: AsyncDisposableStack,
  parts: {
    readonly postgres: Postgres;
    readonly redis: RedisConnection;
    readonly licenses: RaiseEpochsPorts["licenses"];
    readonly report: Pick<Events, "databasePutBack" | "epochsNotCompared">;
  },
): void {
  const { postgres, redis, licenses, report } = parts;
  const ports: RaiseEpochsPorts = {
    licenses,
    epochInRedis: (license) => epochInRedis(redis, license),
    raise: (license, taken) => raiseEpoch(postgres, license, taken),
    report: report.databasePutBack,
  };
  inBackground(stack, async (signal) => {
    while (!signal.aborted)
      try {
        return await raiseEpochs(ports, signal);
      } catch (error) {
        report.epochsNotCompared(error);
        await pause(TRY_AGAIN_MS, signal);
      }
  });
}
