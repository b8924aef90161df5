import { Problem, type Uuid } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { unlock, type UnlockPorts } from "./unlock.ts";
import type { Peer, UnlockCommand } from "./unlock-command.ts";

const KEY = newProductKey((length) => new Uint8Array(length).fill(7));
const REQUEST_ID = "01999999-0000-7000-8000-000000000001" as Uuid;

/** Ports that must not be used, but for some. */
const only = (ports: Partial<UnlockPorts>): UnlockPorts =>
  new Proxy(ports as UnlockPorts, {
    get: (given, port) => {
      if (port in given) return given[port as keyof UnlockPorts];
      throw new Error(`${String(port)} was used`);
    },
  });

const command = (productKey: string): UnlockCommand => ({
  request: { requestId: REQUEST_ID, method: "Unlock", body: new Uint8Array() },
  licensee: { name: "Ada", organization: "Acme" },
  productKey,
  product: "products/studio",
  publicKey: new Uint8Array(32),
  challenge: new Uint8Array(),
  proof: "",
  fingerprint: undefined,
  host: "",
  evidence: undefined,
  applicationVersion: "",
  applicationReleaseTime: undefined,
});
const PEER: Peer = { network: "192.0.2.7", isWithin: () => false };
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
  await expect(unlock(only({}), command(typed), PEER, signal)).rejects.toMatchObject({
    reason: "KEY_CHECK",
    message: "the product key is mistyped",
    metadata: {},
  });
});

/** What the holder of a key of an earlier generation is told, when the issuer answers so. */
async function toldOfRetired(answer: Problem): Promise<unknown> {
  const asked: string[] = [];
  const ports = only({
    salesContact: "deployment@example.com",
    limits: {
      admit: async ({ network }) => void asked.push(network),
      failed: () => Promise.reject(new Error("it is no failed guess")),
    },
    judge: { verifyProductKey: () => Promise.reject(answer) },
  });
  const problem: unknown = await unlock(ports, command("LH1-4F7K-9QZX-11TP"), PEER, signal).catch(
    (error: unknown) => error,
  );
  expect(asked).toEqual([PEER.network]);
  expect(problem).toMatchObject({ reason: "KEY_GENERATION_RETIRED" });
  return (problem as Problem).metadata;
}

test("of a key of an earlier generation the product's contact is told, and no key is looked up", async () => {
  const metadata = { advice: "Ask for another one.", contact: "product@example.com" };
  expect(await toldOfRetired(new Problem("KEY_GENERATION_RETIRED", { metadata }))).toEqual(
    metadata,
  );
});

test.each([
  ["has no contact", new Problem("KEY_GENERATION_RETIRED", { metadata: { contact: "" } })],
  ["is not to be had", new Problem("DEPENDENCY_UNAVAILABLE")],
])("where the product %s, the deployment's contact is told", async (_, answer) => {
  expect(await toldOfRetired(answer)).toEqual({
    advice: expect.stringContaining("new product key") as string,
    contact: "deployment@example.com",
  });
});

test("a request that was carried out before gets its reply, and nothing else happens", async () => {
  const reply = new Uint8Array([1, 2, 3]);
  const ports = only({
    replies: {
      find: () => Promise.resolve(reply),
      keep: () => Promise.reject(new Error("it was kept again")),
    },
  });
  expect(await unlock(ports, command(KEY.text), PEER, signal)).toBe(reply);
});
