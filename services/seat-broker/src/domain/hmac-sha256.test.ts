import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HmacSha256, MAC_LENGTH } from "./hmac-sha256.ts";

type Part = string | Uint8Array;

function nodes(secret: Uint8Array, parts: readonly Part[]): string {
  const mac = createHmac("sha256", secret);
  for (const part of parts)
    mac.update(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  return mac.digest("binary");
}

function ours(mac: HmacSha256, parts: readonly Part[]): string {
  mac.begin();
  for (const part of parts) {
    if (typeof part === "string") mac.text(part);
    else mac.bytes(part);
  }
  return mac.end();
}

test("a test vector of RFC 4231", () => {
  const mac = ours(new HmacSha256(Buffer.from("Jefe")), ["what do ya want ", "for nothing?"]);
  expect(Buffer.from(mac, "latin1").toString("hex")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(mac).toHaveLength(MAC_LENGTH);
});

test("it is Node's own, whatever the secret, the prefix and the parts, in a row", () => {
  const text = fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Buffer.from(bytes).toString("latin1"));
  const part = fc.oneof(text, fc.uint8Array({ maxLength: 700 }));
  const messages = fc.array(fc.array(part, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
  const secrets = fc.uint8Array({ maxLength: 200 });
  const property = fc.property(secrets, text, messages, (secret, prefix, all) => {
    const mac = new HmacSha256(secret, prefix);
    expect(all.map((parts) => ours(mac, parts))).toEqual(
      all.map((parts) => nodes(secret, [prefix, ...parts])),
    );
  });
  fc.assert(property, { numRuns: 1_000 });
});

test("some of a buffer's bytes are as if there were no others", () => {
  const mac = new HmacSha256(Buffer.alloc(32, 7));
  const some = mac.begin().bytes(Buffer.from("0123456789"), 2, 7).end();
  expect(some).toBe(nodes(Buffer.alloc(32, 7), ["23456"]));
});

test.each([1_023, 1_024, 1_025, 5_000])(
  "a message of %s bytes, and a short one after",
  (length) => {
    const secret = Buffer.alloc(32, 7);
    const mac = new HmacSha256(secret, "to");
    for (const parts of [[Buffer.alloc(length - 3, 9), "end"], ["short"]])
      expect(ours(mac, parts)).toBe(nodes(secret, ["to", ...parts]));
  },
);
