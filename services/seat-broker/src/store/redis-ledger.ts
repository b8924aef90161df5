import { type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";
import { evaluate, evaluateMany, type RedisConnection, type Script } from "@leasehold/store-kit";
import type { DeliveredEntry, DenialRecorder, LedgerStream } from "../use-cases/usage-ports.ts";
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
  const ofEach = async (script: Script, asked: readonly AskedLedger[]) => {
    const calls = asked.map(({ license, args }) => ({ keys: poolKeys(license), args }));
    const outcomes = await evaluateMany(redis, script, calls);
    return outcomes.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  };
  return {
    count: async (licenses) =>
      (
        await ofEach(
          scripts.count,
          licenses.map((license) => ({ license, args: [] })),
        )
      ).map(Number),
    read: async (licenses, limit) =>
      (
        await ofEach(
          scripts.read,
          licenses.map((license) => ({ license, args: [limit] })),
        )
      ).map(delivered),
    forget: async (of) => {
      await ofEach(
        scripts.forget,
        of.map(({ license, ids }) => ({ license, args: ids })),
      );
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

interface AskedLedger {
  readonly license: Uuid;
  readonly args: readonly (string | number)[];
}

function delivered(reply: unknown): readonly DeliveredEntry[] {
  const told = listOf(reply);
  return Array.from({ length: told.length / 2 }, (_, index) => ({
    id: String(told[2 * index]),
    entry: entryOf(String(told[2 * index + 1])),
  }));
}

function packUuid(uuid: Uuid): string {
  return Buffer.from(uuidBytes(uuid)).toString("base64url");
}

function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new Error("a script answered something that is no list");
}
