import { expect, test } from "vitest";
import { ensurePlace, type NamingLicense } from "./named-user.ts";

const LICENSE: NamingLicense = {
  model: "NAMED_USER",
  state: "ACTIVE",
  seats: 1_000_000,
  users: 9_999,
  bytes: 799_990,
};

test("a license names ten thousand users at most, however many seats it has", () => {
  expect(() => ensurePlace(LICENSE, "ada")).not.toThrow();
  expect(() => ensurePlace({ ...LICENSE, users: 10_000 }, "ada")).toThrow(
    expect.objectContaining({ reason: "LIMIT_REACHED", metadata: { limit: "10000" } }) as Error,
  );
});

test("all names together have 800,000 bytes of UTF-8 at most", () => {
  expect(() => ensurePlace(LICENSE, "x".repeat(10))).not.toThrow();
  for (const user of ["x".repeat(11), "ë".repeat(6)])
    expect(() => ensurePlace(LICENSE, user)).toThrow(
      expect.objectContaining({ metadata: { limit: "800000", unit: "bytes" } }) as Error,
    );
});

test.each(["ACTIVE", "SUSPENDED"] as const)("a license that is %s may name users", (state) => {
  expect(() => ensurePlace({ ...LICENSE, state }, "ada")).not.toThrow();
});
