import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exchange } from "@leasehold/rpc-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exchangeLog } from "../src/clients/exchange-log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "exchange-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

const EXCHANGE: Exchange = {
  time: 1_800_000_000_000,
  direction: "sent",
  method: "leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat",
  outcome: "OK",
  requestBytes: 10,
  responseBytes: 20,
  durationMs: 3,
};

function open(onFailure: (error: Error) => void, enabled = true) {
  const file = join(folder, "exchanges.log");
  return { file, log: exchangeLog({ file, mebibytes: 1, kept: 2, onFailure }, enabled) };
}

const fails = (error: Error): void => {
  throw error;
};

test("each exchange is a line of JSON with its facts, and nothing that was not asked for", async () => {
  const { file, log } = open(fails);
  log.write({ ...EXCHANGE, secret: "canary" } as Exchange);
  log.write({ ...EXCHANGE, direction: "received", outcome: "MESSAGE" });
  await log[Symbol.asyncDispose]();
  const text = await readFile(file, "utf8");
  expect(text).not.toContain("canary");
  expect(
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { ...EXCHANGE, time: "2027-01-15T08:00:00.000Z", direction: "site to vendor" },
    {
      ...EXCHANGE,
      time: "2027-01-15T08:00:00.000Z",
      direction: "vendor to site",
      outcome: "MESSAGE",
    },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("nothing is written while it is off, not even a file", async () => {
  const { log } = open(fails, false);
  log.write(EXCHANGE);
  await log[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test("a file that has grown is put aside, and so many are kept", async () => {
  const { log } = open(fails);
  const long = { ...EXCHANGE, method: "m".repeat(200_000) };
  for (let i = 0; i < 30; i++) log.write(long);
  await log[Symbol.asyncDispose]();
  expect((await readdir(folder)).toSorted()).toEqual([
    "exchanges.log",
    "exchanges.log.1",
    "exchanges.log.2",
  ]);
});

test("a folder that is not there is told, and the site goes on", async () => {
  const failures: Error[] = [];
  await writeFile(join(folder, "no-folder"), "");
  const file = join(folder, "no-folder", "exchanges.log");
  const log = exchangeLog(
    { file, mebibytes: 1, kept: 2, onFailure: (error) => failures.push(error) },
    true,
  );
  log.write(EXCHANGE);
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  await log[Symbol.asyncDispose]();
});
