import { manualClock } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { unlockFields } from "../config-unlock.ts";
import type { Rate } from "../domain/rate.ts";
import { localBuckets } from "./local-buckets.ts";
import { type UnlockLimits, unlockLimits } from "./unlock-limits.ts";

const fields = unlockFields();
const NOBODY_TOLD = () => {};

/** The rate of a service that is told none. */
function byDefault(field: (typeof fields)["unlockTriesPerNetwork"]): Rate {
  const read = field.read(field.default ?? "");
  if ("fault" in read) throw new Error(read.fault);
  return read.value;
}

/** Limits by the default rates. */
function limits(): UnlockLimits {
  const buckets = localBuckets(manualClock(0), 100_000);
  return unlockLimits({
    rates: {
      triesPerNetwork: byDefault(fields.unlockTriesPerNetwork),
      failuresPerNetwork: byDefault(fields.unlockFailuresPerNetwork),
      failuresPerKey: byDefault(fields.unlockFailuresPerKey),
    },
    shared: buckets,
    local: buckets,
    secret: new Uint8Array(32),
    report: NOBODY_TOLD,
  });
}

test("guesses from however many networks keep nobody waiting who guesses nothing", async () => {
  const limit = limits();
  for (let at = 0; at < 10_000; at += 1)
    await limit.failed({ network: `10.${at >> 8}.${at & 255}.1`, productKey: `guess ${at}` });
  const ada = { network: "192.0.2.1", productKey: "Ada's" };
  await expect(limit.admit(ada)).resolves.toBeUndefined();
});

test("who guesses is kept waiting all the same, and so is the key that is guessed about", async () => {
  const limit = limits();
  const [eve, ada] = ["198.51.100.1", "192.0.2.1"];
  for (let at = 0; at < 60; at += 1)
    await limit.failed({ network: eve, productKey: `guess ${at}` });
  const rightKey = { network: eve, productKey: "Ada's" };
  await expect(limit.admit(rightKey)).rejects.toMatchObject({ reason: "RATE_LIMITED" });
  for (let at = 0; at < 20; at += 1)
    await limit.failed({ network: `10.0.${at}.1`, productKey: "leaked" });
  const leaked = { network: ada, productKey: "leaked" };
  await expect(limit.admit(leaked)).rejects.toMatchObject({ reason: "RATE_LIMITED" });
});
