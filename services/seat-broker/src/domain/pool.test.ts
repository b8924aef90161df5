import { assert, bigInt, property, record } from "fast-check";
import { expect, test } from "vitest";
import { somePool } from "../../test/some-pool.ts";
import { isNewer, versionOf } from "./pool.ts";

const version = record({
  revision: bigInt({ min: 1n, max: 12n }),
  namingRevision: bigInt({ min: 0n, max: 12n }),
  productRevision: bigInt({ min: 0n, max: 12n }),
});

test("the revision of the license comes first, the changes of its users second, the product's third", () => {
  assert(
    property(version, version, (one, other) => {
      const rank = (of: typeof one) =>
        (of.revision * 100n + of.namingRevision) * 100n + of.productRevision;
      expect(isNewer(one, other)).toBe(rank(one) > rank(other));
    }),
  );
});

test("a license that names nobody has its revision for a version", () => {
  expect(versionOf(somePool({ revision: 7n }))).toEqual({ revision: 7n });
  const naming = { revision: 3n, users: new Set<string>() };
  expect(versionOf(somePool({ revision: 7n, naming }))).toEqual({
    revision: 7n,
    namingRevision: 3n,
  });
});
