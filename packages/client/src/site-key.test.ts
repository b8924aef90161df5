import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isSiteKey, keepSiteKey } from "./site-key.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a license server knows the key that it was unlocked with, however it is typed, and no other", async () => {
  const { text } = newProductKey(systemRandom);
  const other = newProductKey(systemRandom).text;
  expect(await isSiteKey(folder, text)).toBe(false);
  await keepSiteKey(folder, text.toLowerCase());
  expect(await isSiteKey(folder, text)).toBe(true);
  expect(await isSiteKey(folder, text.replaceAll("-", " "))).toBe(true);
  expect(await isSiteKey(folder, other)).toBe(false);
  expect(await isSiteKey(folder, "no key")).toBe(false);
});

test("what is kept does not tell the key, and is for nobody else to read", async () => {
  const { text } = newProductKey(systemRandom);
  await keepSiteKey(folder, text);
  const path = join(folder, "site-key");
  const kept = await readFile(path, "utf8");
  for (const group of text.split("-")) expect(kept.toUpperCase()).not.toContain(group);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await keepSiteKey(folder, text);
  expect(await readFile(path, "utf8")).not.toBe(kept);
});

test("what is no product key is not kept", async () => {
  await expect(keepSiteKey(folder, "no key")).rejects.toThrow(RangeError);
  expect(await isSiteKey(folder, "no key")).toBe(false);
});
