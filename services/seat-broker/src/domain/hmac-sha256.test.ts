import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256, MAC_LENGTH } from "./hmac-sha256.ts";

const nodes = (secret: Uint8Array, parts: readonly (string | Uint8Array)[]) => {
  const mac = createHmac("sha256", secret);
  for (const part of parts) mac.update(part);
  return mac.digest("binary");
};

test("a test vector of RFC 4231", () => {
  const mac = hmacSha256(Buffer.from("Jefe"))(["what do ya want ", "for nothing?"]);
  expect(Buffer.from(mac, "latin1").toString("hex")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(mac).toHaveLength(MAC_LENGTH);
});

test("it is Node's own, whatever the secret and the parts, in a row", () => {
  const part = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.uint8Array({ maxLength: 700 }),
  );
  const messages = fc.array(fc.array(part, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), messages, (secret, all) => {
    const mac = hmacSha256(secret);
    expect(all.map(mac)).toEqual(all.map((parts) => nodes(secret, parts)));
  });
  fc.assert(property, { numRuns: 1_000 });
});

test.each([1_023, 1_024, 1_025])("a message of %s bytes", (length) => {
  const secret = Buffer.alloc(32, 7);
  const parts = [Buffer.alloc(length - 3, 9), "end"];
  expect(hmacSha256(secret)(parts)).toBe(nodes(secret, parts));
});
