import type { Uuid } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { unlock, type UnlockCommand, type UnlockPorts } from "./unlock.ts";

const KEY = newProductKey((length) => new Uint8Array(length).fill(7));
const REQUEST_ID = "01999999-0000-7000-8000-000000000001" as Uuid;

/** Ports that must not be used. */
const untouched = new Proxy({} as UnlockPorts, {
  get: (_, port) => {
    if (port === "salesContact") return "sales@example.com";
    throw new Error(`${String(port)} was used`);
  },
});

const command = (productKey: string): UnlockCommand => ({
  request: { requestId: REQUEST_ID, method: "Unlock", body: new Uint8Array() },
  licensee: { name: "Ada", organization: "Acme" },
  productKey,
  product: "products/studio",
  publicKey: new Uint8Array(32),
  fingerprint: undefined,
  host: "",
});
const { signal } = new AbortController();

test.each([
  ["a wrong symbol", KEY.text.replace(/.$/, (last) => (last === "2" ? "3" : "2"))],
  ["a symbol missing", KEY.text.slice(1)],
  ["a foreign letter", `Ж${KEY.text.slice(1)}`],
  ["an emoji", `${KEY.text}🔑`],
  ["a NUL", `${KEY.text}\0`],
  ["a right-to-left mark", `${KEY.text}\u200f`],
  ["far too many symbols", KEY.text.repeat(100)],
  ["nothing", ""],
])("a product key with %s is refused without a look-up", async (_, typed) => {
  await expect(unlock(untouched, command(typed), signal)).rejects.toMatchObject({
    reason: "KEY_CHECK",
    message: "the product key is mistyped",
    metadata: {},
  });
});

test("a key of an earlier generation is refused without a look-up, with advice and contact", async () => {
  const legacy = command("LH1-4F7K-9QZX-11TP");
  await expect(unlock(untouched, legacy, signal)).rejects.toMatchObject({
    reason: "KEY_GENERATION_RETIRED",
    metadata: {
      advice: expect.stringContaining("new product key") as string,
      contact: "sales@example.com",
    },
  });
});

test("a request that was carried out before gets its reply, and nothing else happens", async () => {
  const reply = new Uint8Array([1, 2, 3]);
  const ports = new Proxy(untouched, {
    get: (target, port, receiver) =>
      port === "replies"
        ? { find: () => Promise.resolve(reply) }
        : (Reflect.get(target, port, receiver) as unknown),
  });
  expect(await unlock(ports, command(KEY.text), signal)).toBe(reply);
});
