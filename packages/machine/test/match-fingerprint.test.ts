import {
  array,
  assert,
  constantFrom,
  property,
  record,
  shuffledSubarray,
  string,
  uint8Array,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { type Component, fingerprintOf, newFingerprintSalt } from "../src/index.ts";
import { COMPONENTS, type Fingerprint, matchFingerprint } from "../src/rules/index.ts";

const SALT = Buffer.alloc(32, 7);
const HINTS = ["cpu", "hostname"] as const;
const TELLING = COMPONENTS.filter((name) => !(HINTS as readonly string[]).includes(name));

const printOf = (components: readonly Component[], salt: Uint8Array = SALT): Fingerprint =>
  fingerprintOf(components, salt) ?? { salt, components: new Map() };
const component = (name: string, value = `some ${name}`): Component => ({ name, value });
const machineOf = (...names: readonly string[]) => names.map((name) => component(name));

/** A machine with at least two components that tell machines apart. */
const machine = record({
  telling: shuffledSubarray([...TELLING], { minLength: 2 }),
  hints: shuffledSubarray([...HINTS]),
  seed: string({ minLength: 1 }),
}).map(({ telling, hints, seed }): readonly Component[] =>
  [...telling, ...hints].map((name) => component(name, `${seed} ${name}`)),
);
const changeOfOne = record({
  components: machine,
  at: constantFrom(...Array.from({ length: 9 }, (_, index) => index)),
});
const another = (components: readonly Component[], how: string): readonly Component[] =>
  components.map(({ name, value }) => component(name, `${value} ${how}`));

describe("a fingerprint", () => {
  test("tells nothing but digests, of 32 bytes each", () => {
    const print = fingerprintOf(
      [component("machine-id", "0f1b"), component("mac.0", "04:d9")],
      SALT,
    );
    expect([...print!.components.keys()]).toEqual(["machine-id", "mac.0"]);
    expect([...print!.components.values()].map(({ length }) => length)).toEqual([32, 32]);
    expect(Buffer.concat([...print!.components.values()]).includes("0f1b")).toBe(false);
  });

  test("of one machine is another one under another salt", () => {
    const one = fingerprintOf([component("machine-id")], newFingerprintSalt());
    const other = fingerprintOf([component("machine-id")], newFingerprintSalt());
    expect(one!.components.get("machine-id")).not.toEqual(other!.components.get("machine-id"));
  });

  test("of nothing is none", () => {
    expect(fingerprintOf([], SALT)).toBeUndefined();
  });

  test.each([0, 15, 65])("takes no salt of %d bytes", (length) => {
    expect(() => fingerprintOf([component("cpu")], Buffer.alloc(length))).toThrow(RangeError);
  });

  test("tells a value of one kind from the same value of another", () => {
    const print = printOf([component("machine-id", "1"), component("product-uuid", "1")]);
    const [one, other] = [...print.components.values()];
    expect(one).not.toEqual(other);
  });
});

test("a machine that presents what it is known by is the same", () => {
  assert(
    property(machine, (components) => {
      const known = printOf(components);
      expect(matchFingerprint(known, printOf(components.toReversed()))).toEqual({
        kind: "same",
        next: known,
      });
    }),
  );
});

test("whichever one component changed, it is the same machine, and known by the new one", () => {
  assert(
    property(changeOfOne, ({ components, at }) => {
      const changed = components.map((one, index) =>
        index === at % components.length ? component(one.name, "changed") : one,
      );
      const presented = printOf(changed);
      expect(matchFingerprint(printOf(components), presented)).toEqual({
        kind: "drifted",
        next: presented,
      });
    }),
  );
});

test("whichever one component vanished, it is the same machine", () => {
  assert(
    property(changeOfOne, ({ components, at }) => {
      const left = components.filter((_, index) => index !== at % components.length);
      expect(matchFingerprint(printOf(components), printOf(left)).kind).toBe("drifted");
    }),
  );
});

test("another machine is never the same, though processor and host name are", () => {
  assert(
    property(machine, (components) => {
      const other = components.map((one) =>
        (HINTS as readonly string[]).includes(one.name) ? one : component(one.name, "other"),
      );
      const match = matchFingerprint(printOf(components), printOf(other));
      expect(match.kind).toBe("other");
    }),
  );
});

test("where one component changes with each renewal, and another comes or goes, it is followed for ever", () => {
  const steps = array(record({ at: constantFrom(0, 1, 2, 3, 4, 5, 6), to: string() }), {
    minLength: 20,
    maxLength: 60,
  });
  assert(
    property(steps, (changes) => {
      let components = machineOf(
        "machine-id",
        "product-uuid",
        "root-disk",
        "mac",
        "cpu",
        "hostname",
      );
      let known = printOf(components);
      for (const [step, { at, to }] of changes.entries()) {
        components = components.map((one, index) =>
          index === at ? component(one.name, `${step} ${to}`) : one,
        );
        const match = matchFingerprint(known, printOf(components));
        if (match.kind !== "same" && match.kind !== "drifted") throw new Error(match.kind);
        known = match.next;
      }
    }),
  );
});

test("salts that differ tell nothing, whatever the digests are", () => {
  assert(
    property(machine, uint8Array({ minLength: 16, maxLength: 64 }), (components, salt) => {
      if (Buffer.compare(salt, SALT) === 0) return;
      const known = printOf(components);
      const presented = { salt, components: known.components };
      expect(matchFingerprint(known, presented)).toEqual({ kind: "incomparable" });
    }),
  );
});

test("nothing in common is another machine, and what differs is named", () => {
  const known = printOf(machineOf("machine-id", "mac.0", "mac.1", "cpu"));
  expect(matchFingerprint(known, printOf([]))).toEqual({
    kind: "other",
    differing: ["machine-id", "mac", "cpu"],
  });
  expect(matchFingerprint(printOf([]), known)).toEqual({ kind: "other", differing: [] });
});

test("a copy of a disk in another machine is another machine", () => {
  const known = printOf(
    machineOf("machine-id", "root-disk", "product-uuid", "mac", "cpu", "hostname"),
  );
  const copied = machineOf("machine-id", "root-disk", "cpu", "hostname");
  const elsewhere = [...copied, component("product-uuid", "other"), component("mac", "other")];
  expect(matchFingerprint(known, printOf(elsewhere))).toMatchObject({
    kind: "other",
    differing: ["product-uuid", "mac"],
  });
  // Nor does it help to run without the right to read the firmware.
  const unprivileged = printOf([...copied, component("mac", "other")]);
  const knownWell = printOf([
    ...machineOf("machine-id", "root-disk", "product-uuid", "board-serial", "mac", "cpu"),
    component("hostname"),
  ]);
  expect(matchFingerprint(knownWell, unprivileged).kind).toBe("other");
});

test("whoever may not read the firmware is the same machine as root on it, and back again", () => {
  const unprivileged = machineOf("machine-id", "root-disk", "mac", "cpu", "hostname");
  const asRoot = printOf([...unprivileged, ...machineOf("product-uuid", "board-serial")]);
  expect(matchFingerprint(asRoot, printOf(unprivileged)).kind).toBe("drifted");
  expect(matchFingerprint(printOf(unprivileged), asRoot).kind).toBe("drifted");
});

test("one card of several is enough, in whatever order they are listed", () => {
  const rest = machineOf("machine-id");
  const cards = (...addresses: readonly string[]) =>
    addresses.map((address, index) => component(`mac.${index}`, address));
  const known = printOf([...rest, ...cards("a", "b")]);
  expect(matchFingerprint(known, printOf([...rest, ...cards("b", "a")])).kind).toBe("same");
  expect(matchFingerprint(known, printOf([...rest, component("mac", "b")])).kind).toBe("drifted");
  expect(matchFingerprint(known, printOf([...rest, ...cards("c", "d", "b")])).kind).toBe("drifted");
  const swapped = [component("machine-id", "other"), component("mac", "c")];
  expect(matchFingerprint(known, printOf(swapped)).kind).toBe("other");
});

test("a pod of the same cluster is the same, of another cluster not", () => {
  const known = printOf([component("kubernetes-cluster", "one")]);
  expect(matchFingerprint(known, printOf([component("kubernetes-cluster", "one")])).kind).toBe(
    "same",
  );
  expect(matchFingerprint(known, printOf([component("kubernetes-cluster", "two")])).kind).toBe(
    "other",
  );
});

test("two components that tell machines apart may not change at once", () => {
  assert(
    property(machine, (components) => {
      const telling = components.filter(({ name }) => !(HINTS as readonly string[]).includes(name));
      const [one, two] = telling;
      const presented = [
        ...another([one!, two!], "changed"),
        ...components.filter((part) => part !== one && part !== two),
      ];
      expect(matchFingerprint(printOf(components), printOf(presented)).kind).toBe("other");
    }),
  );
});
