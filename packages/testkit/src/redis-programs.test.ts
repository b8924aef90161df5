import { expect, test } from "vitest";
import { readVersion } from "./redis-programs.ts";

test.each([
  ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "Redis 7.0.15"],
  ["Redis server v=8.2 sha=00000000:0", "Redis 8.2"],
  ["Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "Valkey 8.1.1"],
  ["Redis server v=10.0.1 sha=00000000:0", "Redis 10.0.1"],
])("%s is %s", (printed, version) => {
  expect(readVersion(printed, "/usr/bin/redis-server")).toBe(version);
});

test("a Redis before 7 is refused with its version", () => {
  const printed = "Redis server v=6.0.16 sha=00000000:0";
  expect(() => readVersion(printed, "/usr/bin/redis-server")).toThrow(
    "/usr/bin/redis-server is Redis 6.0.16, older than 7",
  );
});

test("a program that is something else is refused", () => {
  expect(() => readVersion("GNU bash, version 5.2", "/bin/bash")).toThrow(
    "/bin/bash is neither Redis nor Valkey",
  );
});
