import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";
import { evaluate, evaluateMany, type RedisConnection } from "@leasehold/store-kit";
import type { DenialRecorder, LedgerStream } from "../use-cases/usage-ports.ts";
import { entryOf } from "./ledger-entries.ts";
import { seatScript } from "./lua-source.ts";
import { poolKeys } from "./pool-keys.ts";
import { packHolder, packInstallation } from "./seat-facts.ts";

const scripts = {
  count: seatScript("count_entries.lua"),
  read: seatScript("read_entries.lua"),
  forget: seatScript("forget_entries.lua"),
  missing: seatScript("missing_leases.lua"),
  recordDenial: seatScript("record_denial.lua"),
};

/** The ledger's streams in Redis. */
export function redisLedger(redis: RedisConnection): LedgerStream & DenialRecorder {
  return {
    count: async (licenses) => {
      const calls = licenses.map((license) => ({ keys: poolKeys(license), args: [] }));
      const counts = await evaluateMany(redis, scripts.count, calls);
      return counts.map((count) => {
        if (count.status === "rejected") throw count.reason;
        return Number(count.value);
      });
    },
    read: async (license, limit) => {
      const reply = listOf(await evaluate(redis, scripts.read, poolKeys(license), [limit]));
      return Array.from({ length: reply.length / 2 }, (_, index) => ({
        id: String(reply[2 * index]),
        entry: entryOf(listOf(reply[2 * index + 1]).map(String)),
      }));
    },
    forget: async (license, ids) => {
      await evaluate(redis, scripts.forget, poolKeys(license), ids);
    },
    missing: async (license, leases) => {
      const members = leases.map(packUuid);
      const reply = await evaluate(redis, scripts.missing, poolKeys(license), members);
      return listOf(reply).map((member) => uuidFromBytes(Buffer.from(String(member), "base64url")));
    },
    recordDenial: async (license, { member }, denied) => {
      const { party, seats, features, cause, feature } = denied;
      const fields = {
        by: packInstallation(party.installation),
        facts: packHolder(party),
        seats: String(seats),
        features: features.join(","),
        cause,
        feature,
      };
      const args = [member, ...Object.entries(fields).flat()];
      const reply = await evaluate(redis, scripts.recordDenial, poolKeys(license), args);
      return listOf(reply)[0] === "OK";
    },
  };
}

function packUuid(uuid: Uuid): string {
  return Buffer.from(uuidBytes(uuid)).toString("base64url");
}

function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new Error("a script answered something that is no list");
}
