import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { someHolder, somePool } from "../../test/some-pool.ts";
import { decideClaim, entriesOf, type SeatClaim, unpackClaim } from "./claim.ts";
import type { Holder } from "./holder.ts";
import type { Terms } from "./pool.ts";
import { OPEN_POLICY, type SeatGroup, type SeatPolicy } from "./seat-policy.ts";

const ONE_SEAT: SeatClaim = { seats: 1, features: [] };
const FEATURES = [{ feature: "cam" }, { feature: "fem_2", seats: 2 }, { feature: "mesh" }];

function termsWith(policy: Partial<SeatPolicy> = {}): Terms {
  return { ...somePool().terms, features: FEATURES, policy: { ...OPEN_POLICY, ...policy } };
}

function group(name: string, given: Partial<SeatGroup> = {}): SeatGroup {
  const nobody = { users: [], hosts: [], installations: [], reservedSeats: 0, priority: 0 };
  return { group: name, ...nobody, ...given };
}

function holder(given: Partial<Holder> = {}): Holder {
  return { ...someHolder(), user: "ada", host: "difference", ...given };
}

/** What is decided, as far as a test looks at it. */
function decided(policy: Partial<SeatPolicy>, by: Partial<Holder> = {}, claim = ONE_SEAT) {
  const decision = decideClaim(termsWith(policy), holder(by), claim);
  if (decision.kind !== "claim") return { kind: decision.kind };
  const [seats = "", share = "", reserving = "", ...features] = decision.packed.split(",");
  const { kind, packed, priority } = decision;
  return { kind, packed, priority, seats, share, reserving, features };
}

test("one seat, where nothing is said of the holder, is packed as nothing", () => {
  expect(decideClaim(termsWith(), holder(), ONE_SEAT)).toEqual({
    kind: "claim",
    packed: "",
    priority: 0,
  });
});

describe("where the license names its users", () => {
  const naming = { revision: 1n, users: new Set(["ada", ""]) };
  const outcomeOf = (terms: Partial<Terms>, by: Partial<Holder> = {}) =>
    decideClaim({ ...termsWith(), model: "NAMED_USER", ...terms }, holder(by), ONE_SEAT).kind;

  test("those may have seats that it names, as they are written", () => {
    expect(outcomeOf({ naming })).toBe("claim");
    for (const user of ["bob", "Ada", "ada "])
      expect(outcomeOf({ naming }, { user })).toBe("not-named");
  });

  test("nobody may before one was named", () => {
    expect(outcomeOf({})).toBe("not-named");
    expect(outcomeOf({ naming: { revision: 0n, users: new Set() } })).toBe("not-named");
  });

  test("the seat policy may still exclude who is named", () => {
    const policy = { ...OPEN_POLICY, groups: [group("guests", { users: ["ada"] })] };
    expect(outcomeOf({ naming, policy: { ...policy, excludeGroups: ["guests"] } })).toBe(
      "excluded",
    );
  });

  test("whoever is not named does not learn what the license unlocks", () => {
    const claim = { seats: 1, features: ["paint"] };
    const terms = { ...termsWith(), model: "NAMED_USER" as const, naming };
    expect(decideClaim(terms, holder({ user: "bob" }), claim)).toEqual({ kind: "not-named" });
  });

  test("a license of another model asks for no names", () => {
    for (const model of ["FLOATING", "NAMED_MACHINE", "RESOURCE"] as const)
      expect(outcomeOf({ model, naming }, { user: "bob" })).toBe("claim");
  });
});

describe("who may have seats", () => {
  const ada = holder();
  const groups = [
    group("users", { users: ["ada"] }),
    group("hosts", { hosts: ["difference"] }),
    group("machines", { installations: [ada.installation] }),
    group("others", { users: ["bob"], hosts: ["analytical"] }),
  ];
  const outcomeOf = (policy: Partial<SeatPolicy>, by: Holder = ada) =>
    decideClaim(termsWith({ groups, ...policy }), by, ONE_SEAT).kind;

  test.each(["users", "hosts", "machines"])("one list of %s makes a member", (name) => {
    expect(outcomeOf({ includeGroups: [name] })).toBe("claim");
    expect(outcomeOf({ excludeGroups: [name] })).toBe("excluded");
  });

  test("where groups are included, nobody else may", () => {
    expect(outcomeOf({ includeGroups: ["others"] })).toBe("excluded");
    expect(outcomeOf({ includeGroups: ["others", "users"] })).toBe("claim");
  });

  test("where groups are excluded, everybody else may", () => {
    expect(outcomeOf({ excludeGroups: ["others"] })).toBe("claim");
    expect(outcomeOf({ excludeGroups: ["others"] }, holder({ user: "bob" }))).toBe("excluded");
  });

  test("whoever is both included and excluded may not", () => {
    expect(outcomeOf({ includeGroups: ["users"], excludeGroups: ["hosts"] })).toBe("excluded");
    expect(outcomeOf({ includeGroups: ["users"], excludeGroups: ["users"] })).toBe("excluded");
  });

  test("names are compared as they are, none is a pattern", () => {
    for (const user of ["Ada", "ada ", "", "*", "ad"])
      expect(outcomeOf({ includeGroups: ["users"] }, holder({ user, host: "x" }))).toBe("excluded");
  });

  test("exclusion wins whatever else there is", () => {
    const names = fc.subarray(groups.map((one) => one.group));
    fc.assert(
      fc.property(names, names, (includeGroups, excludeGroups) => {
        const own = ["users", "hosts", "machines"];
        const among = (some: readonly string[]) => some.some((name) => own.includes(name));
        const may = !among(excludeGroups) && (includeGroups.length === 0 || among(includeGroups));
        expect(outcomeOf({ includeGroups, excludeGroups })).toBe(may ? "claim" : "excluded");
      }),
    );
  });
});

describe("groups that keep seats", () => {
  const vips = (name: string, reservedSeats: number, priority: number) =>
    group(name, { users: ["ada"], reservedSeats, priority });

  test("a member has part in the first of its groups that keeps any", () => {
    const groups = [vips("none", 0, 0), vips("some", 2, 0), vips("more", 5, 0)];
    expect(decided({ groups }).packed).toBe("1,,some");
    expect(decided({ groups }, { user: "bob" }).packed).toBe("");
  });

  test("the highest class of its groups counts, and none is the lowest", () => {
    const groups = [vips("low", 0, 2), vips("high", 0, 7), group("others", { priority: 7 })];
    expect(decided({ groups }).priority).toBe(7);
    expect(decided({ groups: [vips("low", 0, 2)] }, { user: "bob" }).priority).toBe(0);
  });
});

describe("sharing", () => {
  test("nobody shares where each process has a seat of its own", () => {
    expect(decided({ sharing: "PER_PROCESS" }).packed).toBe("");
  });

  test("processes of one user share on whatever host, and those of one host for whatever user", () => {
    const share = (sharing: SeatPolicy["sharing"], by: Partial<Holder>) =>
      decided({ sharing }, by).share;
    const elsewhere = { host: "analytical" };
    expect(share("PER_USER", elsewhere)).toBe(share("PER_USER", {}));
    expect(share("PER_USER", { user: "bob" })).not.toBe(share("PER_USER", {}));
    expect(share("PER_DEVICE", { user: "bob" })).toBe(share("PER_DEVICE", {}));
    expect(share("PER_DEVICE", elsewhere)).not.toBe(share("PER_DEVICE", {}));
  });

  test("a user and a host of the same name share nothing", () => {
    const user = decided({ sharing: "PER_USER" }, { user: "x" }).share;
    expect(decided({ sharing: "PER_DEVICE" }, { host: "x" }).share).not.toBe(user);
  });

  test("whoever does not say who it is shares with nobody", () => {
    expect(decided({ sharing: "PER_USER" }, { user: "" }).packed).toBe("");
    expect(decided({ sharing: "PER_DEVICE" }, { host: "" }).packed).toBe("");
  });

  test("several seats are shared with nobody", () => {
    expect(decided({ sharing: "PER_USER" }, {}, { seats: 2, features: [] }).packed).toBe("2,,");
  });

  test("no name, however hostile, is more than a key to share by", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (user) => {
        fc.pre(user !== "");
        expect(decided({ sharing: "PER_USER" }, { user }).packed).toMatch(/^1,[\w-]{22},$/);
      }),
    );
  });
});

describe("features", () => {
  const codes = FEATURES.map(({ feature }) => feature);

  test("one that the license does not unlock is refused by its name", () => {
    const claim = { seats: 1, features: ["cam", "paint"] };
    expect(decideClaim(termsWith(), holder(), claim)).toEqual({
      kind: "feature-not-licensed",
      feature: "paint",
    });
  });

  test("an excluded holder does not learn what the license unlocks", () => {
    const policy = { groups: [group("a", { users: ["ada"] })], excludeGroups: ["a"] };
    const claim = { seats: 1, features: ["paint"] };
    expect(decided(policy, {}, claim).kind).toBe("excluded");
  });

  test("the same ones in whatever order and number are the same claim", () => {
    const features = fc.array(fc.constantFrom(...codes));
    fc.assert(
      fc.property(features, (some) => {
        const { packed } = decided({}, {}, { seats: 1, features: some });
        const once = [...new Set(some)].toSorted();
        expect(decided({}, {}, { seats: 1, features: once }).packed).toBe(packed);
        expect(unpackClaim(packed ?? "")).toEqual({ seats: 1, features: once });
      }),
    );
  });

  test("whatever codes a client makes up, a packed claim names none but the license's", () => {
    const hostile = fc.constantFrom("fem_2,mesh", "f:cam", "cam=9", "", ",", "__proto__", "cam\n");
    const code = fc.oneof(fc.constantFrom(...codes), hostile, fc.string());
    fc.assert(
      fc.property(fc.array(code, { maxLength: 20 }), (some) => {
        const decision = decided({}, {}, { seats: 1, features: some });
        const known = some.every((one) => codes.includes(one));
        expect(decision.kind).toBe(known ? "claim" : "feature-not-licensed");
        for (const one of decision.features ?? []) expect(codes).toContain(one);
      }),
    );
  });
});

test("what is packed can be unpacked", () => {
  const features = FEATURES.map(({ feature }) => feature);
  const claims = fc.record({
    seats: fc.integer({ min: 1, max: 100 }),
    features: fc.subarray(features),
  });
  const sharing = fc.constantFrom("PER_PROCESS", "PER_USER", "PER_DEVICE");
  const groups = fc.constantFrom([], [group("vips", { users: ["ada"], reservedSeats: 1 })]);
  fc.assert(
    fc.property(claims, sharing, groups, (claim, share, some) => {
      const { packed } = decided({ sharing: share, groups: some }, {}, claim);
      expect(unpackClaim(packed ?? "")).toEqual({ ...claim, features: claim.features.toSorted() });
    }),
  );
});

test("the largest claim fits into a token", () => {
  const features = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(64, "a"));
  const grants = features.map((feature) => ({ feature }));
  const groups = [group("g".repeat(64), { users: ["ada"], reservedSeats: 1 })];
  const terms = { ...termsWith({ sharing: "PER_USER", groups }), features: grants };
  const decision = decideClaim(terms, holder(), { seats: 1, features });
  const packed = decision.kind === "claim" ? decision.packed : "";
  expect(packed.split(",")).toHaveLength(23);
  expect(packed.length).toBeLessThanOrEqual(2_000);
});

test("a lease has an entry for each seat in the pool and in each sub-pool", () => {
  expect(["", "1,,vips", "3,,vips,cam,mesh", "100,,,cam"].map(entriesOf)).toEqual([1, 2, 12, 200]);
});
