import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { keyMac, pepper } from "./product-key.ts";

const DATA = "0123456789ABCDEFGHJK";

test("a key is stored as the HMAC of its data symbols under a label", () => {
  const secret = new Uint8Array(32).fill(7);
  const expected = createHmac("sha256", secret).update(`leasehold/key/v1\0${DATA}`).digest();
  expect(Buffer.from(keyMac(pepper(secret), DATA).mac)).toEqual(expected);
});

test("the version of a pepper follows from it, and tells two apart", () => {
  const [one, again, other] = [7, 7, 8].map((byte) => pepper(new Uint8Array(32).fill(byte)));
  expect(one!.version).toMatch(/^[0-9a-f]{16}$/);
  expect(again!.version).toBe(one!.version);
  expect(other!.version).not.toBe(one!.version);
});
