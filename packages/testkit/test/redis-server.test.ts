import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "../src/index.ts";

function connected(url: string): Redis {
  const redis = new Redis(url, {
    commandTimeout: 500,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

test("a killed Redis answers nobody, and comes back on its port with its data when that was on disk", async () => {
  await using server = await startRedis({ appendonly: true });
  const before = connected(server.url);
  await before.set("seat", "taken");
  await server.kill();
  await expect(before.get("seat")).rejects.toThrow("Connection is closed");
  await server.restart();
  expect(await connected(server.url).get("seat")).toBe("taken");
});

test("a Redis can come back empty", async () => {
  await using server = await startRedis({ appendonly: true });
  await connected(server.url).set("seat", "taken");
  await server.restart({ data: "lost" });
  expect(await connected(server.url).get("seat")).toBeNull();
});

test("a paused Redis keeps its connections, answers nothing, and goes on when resumed", async () => {
  await using server = await startRedis();
  const redis = connected(server.url);
  await redis.set("seat", "taken");
  server.pause();
  await expect(redis.get("seat")).rejects.toThrow("timed out");
  server.resume();
  expect(await redis.get("seat")).toBe("taken");
});

test("a Redis never evicts, and wants its password", async () => {
  await using server = await startRedis();
  expect(await connected(server.url).config("GET", "maxmemory-policy")).toEqual([
    "maxmemory-policy",
    "noeviction",
  ]);
  const { host } = new URL(server.url);
  await expect(connected(`redis://${host}`).get("seat")).rejects.toThrow("NOAUTH");
});
