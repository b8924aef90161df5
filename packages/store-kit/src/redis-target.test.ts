import { expect, test } from "vitest";
import { redisTarget } from "./redis-target.ts";

test("one server, with credentials and a database", () => {
  expect(redisTarget("redis://broker:p%40ss@cache:6380/3")).toEqual({
    kind: "single",
    tls: false,
    credentials: { username: "broker", password: "p@ss" },
    address: { host: "cache", port: 6380 },
    database: 3,
  });
  expect(redisTarget("rediss://:secret@[::1]")).toMatchObject({
    tls: true,
    credentials: { password: "secret" },
    address: { host: "::1", port: 6379 },
    database: 0,
  });
});

test("sentinels, and the primary by the name they know it by", () => {
  expect(
    redisTarget(
      "redis+sentinel://:data@s1:1,s2,[fe80::2]:3/seats?sentinel-password=a%26b&database=2",
    ),
  ).toEqual({
    kind: "sentinel",
    tls: false,
    credentials: { username: undefined, password: "data" },
    sentinels: [
      { host: "s1", port: 1 },
      { host: "s2", port: 26379 },
      { host: "fe80::2", port: 3 },
    ],
    primary: "seats",
    sentinelCredentials: { username: undefined, password: "a&b" },
    database: 2,
  });
});

test("a cluster, by some of its nodes", () => {
  expect(redisTarget("rediss+cluster://n1:7001,n2:7002/")).toEqual({
    kind: "cluster",
    tls: true,
    credentials: { username: undefined, password: undefined },
    seeds: [
      { host: "n1", port: 7001 },
      { host: "n2", port: 7002 },
    ],
  });
});

test.each([
  ["http://cache", "not the URL of a Redis"],
  ["redis://", "not the URL of a Redis"],
  ["redis://a:1,b:2", "names one server"],
  ["redis://a:70000", "host:port"],
  ["redis://a/seats", "number"],
  ["redis://a?family=6", "no parameter family"],
  ["redis+sentinel://a:1", "lacks the name"],
  ["redis+cluster://a:1/2", "only database 0"],
])("%s is refused", (url, why) => {
  expect(() => redisTarget(url)).toThrow(why);
});

test("what is wrong is told without the password", () => {
  expect(() => redisTarget("redis://:secret@a b")).toThrow(/^(?!.*secret).*host:port/);
});
