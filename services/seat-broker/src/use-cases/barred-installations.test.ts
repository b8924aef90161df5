import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { barredInstallations } from "./barred-installations.ts";

const id = (n: number) => `01999999-0000-7000-8000-00000000000${n}` as Uuid;
const [LICENSE, OTHER, MILL, STORE] = [id(1), id(2), id(3), id(4)];

test("who is barred is so of its license alone, until a newer list leaves it out", () => {
  const barred = barredInstallations();
  expect(barred.learn({ license: LICENSE, installations: [MILL], revision: 5n })).toBe(true);
  expect(barred.has(LICENSE, MILL)).toBe(true);
  expect([barred.has(LICENSE, STORE), barred.has(OTHER, MILL)]).toEqual([false, false]);
  expect(() => barred.admit({ license: LICENSE, installation: MILL })).toThrow(
    expect.objectContaining({ reason: "INSTALLATION_DISABLED" }) as Error,
  );
  const other = { license: LICENSE, installation: STORE };
  expect(barred.admit(other)).toBe(other);
  expect(barred.learn({ license: LICENSE, installations: [], revision: 6n })).toBe(true);
  expect(barred.has(LICENSE, MILL)).toBe(false);
});

test("lists that are as old, or older, change nothing", () => {
  const barred = barredInstallations();
  barred.learn({ license: LICENSE, installations: [MILL], revision: 5n });
  for (const revision of [5n, 4n, 0n])
    expect(barred.learn({ license: LICENSE, installations: [STORE], revision })).toBe(false);
  expect([barred.has(LICENSE, MILL), barred.has(LICENSE, STORE)]).toEqual([true, false]);
});

test("a license that never had one barred is not even remembered", () => {
  const barred = barredInstallations();
  expect(barred.learn({ license: LICENSE, installations: [], revision: 0n })).toBe(false);
});
