import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import type { LendingSeatStore } from "./borrow-ports.ts";
import type { ReleaseOutcome } from "./ports.ts";
import { tellingDenials, tellingTouched, touchedLicenses } from "./touched-licenses.ts";

const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const LEASE = { bytes: Buffer.alloc(32), member: "x" };

function releasing() {
  const touched = touchedLicenses();
  const answer = Promise.withResolvers<ReleaseOutcome>();
  const store = { release: () => answer.promise } as Partial<LendingSeatStore> as LendingSeatStore;
  const call = tellingTouched(store, touched).release(LICENSE, LEASE, LICENSE);
  return { touched, answer, call };
}

test("a license is touched once the call is over, and told once", async () => {
  const { touched, answer, call } = releasing();
  expect(touched.take()).toEqual([]);
  answer.resolve({ kind: "released" });
  expect(await call).toEqual({ kind: "released" });
  expect(touched.take()).toEqual([LICENSE]);
  expect(touched.take()).toEqual([]);
});

test("a license is touched by a call that failed", async () => {
  const { touched, answer, call } = releasing();
  answer.reject(new Error("no answer"));
  await expect(call).rejects.toThrow("no answer");
  expect(touched.take()).toEqual([LICENSE]);
});

test("a license is touched by a denial", async () => {
  const touched = touchedLicenses();
  const denials = tellingDenials({ recordDenial: () => Promise.resolve(true) }, touched);
  const party = {
    installation: LICENSE,
    user: "eve",
    host: "",
    process: "",
    applicationVersion: "",
    address: "",
  };
  const denied = { party, seats: 1, features: [], cause: "HOLDER_EXCLUDED", feature: "" } as const;
  expect(await denials.recordDenial(LICENSE, LEASE, denied)).toBe(true);
  expect(touched.take()).toEqual([LICENSE]);
});
