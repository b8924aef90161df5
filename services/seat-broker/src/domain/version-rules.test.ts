import { expect, test } from "vitest";
import { ANY_VERSION, uncoveredVersion, versionWarnings } from "./version-rules.ts";

const holder = (applicationVersion: string, serverVersion?: string) => ({
  applicationVersion,
  ...(serverVersion === undefined ? {} : { serverVersion }),
});

test.each(["4.2.0", "v4.9-rc.1", "4"])("what a range covers passes: %s", (version) => {
  const rules = { licensed: { oldest: "4", newest: "4" }, tolerance: "ANY" } as const;
  expect(uncoveredVersion(rules, holder(version))).toBeUndefined();
});

test.each(["3.9", "5", "", "demo"])("what a range does not cover is refused: %j", (version) => {
  const licensed = { oldest: "4", newest: "4" };
  const refused = { kind: "version-not-covered", part: "client", version, range: licensed };
  expect(uncoveredVersion({ licensed, tolerance: "ANY" }, holder(version))).toEqual(refused);
});

test("the license's range and the product's each refuse, and the one that does is told", () => {
  const rules = {
    licensed: { newest: "5" },
    supported: { oldest: "4" },
    tolerance: "ANY",
  } as const;
  expect(uncoveredVersion(rules, holder("4.1"))).toBeUndefined();
  expect(uncoveredVersion(rules, holder("6"))?.range).toEqual({ newest: "5" });
  expect(uncoveredVersion(rules, holder("3"))?.range).toEqual({ oldest: "4" });
});

test("a server that is not covered is told apart from its client; one that tells nothing passes", () => {
  const rules = { supported: { oldest: "4" }, tolerance: "ANY" } as const;
  expect(uncoveredVersion(rules, holder("4.1", "3.0"))).toMatchObject({ part: "server" });
  for (const silent of ["", "unknown", undefined])
    expect(uncoveredVersion(rules, holder("4.1", silent))).toBeUndefined();
});

test("where nothing is ruled, whatever is told passes, and is not warned of", () => {
  for (const version of ["", "demo", "1.0"]) {
    expect(uncoveredVersion(ANY_VERSION, holder(version, "9"))).toBeUndefined();
    expect(versionWarnings(ANY_VERSION, holder(version, "9"))).toEqual([]);
  }
});

test.each([
  ["3.9", "4.0", "CLIENT_OLDER"],
  ["5.0", "4.0", "CLIENT_NEWER"],
  ["4.9", "4.0", undefined],
  ["", "4.0", undefined],
  ["5.0", "", undefined],
])("client %j with server %j, within a major version: %s", (client, server, kind) => {
  const warnings = versionWarnings({ tolerance: "SAME_MAJOR" }, holder(client, server));
  expect(warnings).toEqual(kind === undefined ? [] : [{ kind, client, server }]);
});
