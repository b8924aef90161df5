import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { keepingKey, openProductKey, sealProductKey } from "./kept-product-key.ts";
import { unseal } from "@leasehold/license-format";

const KEY_ENCRYPTION_KEY = new Uint8Array(32).fill(1);
const KEY = keepingKey(KEY_ENCRYPTION_KEY);
const ID = newUuid(systemClock, systemRandom);
const OTHER = newUuid(systemClock, systemRandom);
const SECRET = newProductKey(systemRandom).text;

test("a product key that was sealed opens as what it was, in the length that the table allows", () => {
  const sealed = sealProductKey(KEY, ID, SECRET, systemRandom);
  expect(sealed).toHaveLength(57);
  expect(openProductKey(KEY, ID, sealed)).toBe(SECRET);
});

test("it opens neither as another key, nor under another secret, nor as a signing key", () => {
  const sealed = sealProductKey(KEY, ID, SECRET, systemRandom);
  expect(openProductKey(KEY, OTHER, sealed)).toBeUndefined();
  expect(openProductKey(keepingKey(new Uint8Array(32).fill(2)), ID, sealed)).toBeUndefined();
  const asSigningKey = { purpose: "product-key", kid: ID };
  expect(unseal(KEY_ENCRYPTION_KEY, asSigningKey, sealed)).toBeUndefined();
});
