import { BinaryReader } from "@bufbuild/protobuf/wire";
import { dice } from "@leasehold/robustness/dice";
import { beforeAll, expect, test } from "vitest";
import { MUTATIONS } from "./mutate.ts";
import { type Target, targets, verdictOf } from "./protobuf.ts";

const chance = dice(1);
let all: readonly Target[];
let target: Target;
beforeAll(async () => {
  all = await targets(chance);
  target = all.find(({ key }) => key === "issueLicense")!;
});

function sample(of: Target): Uint8Array {
  return of.samples[0]!;
}

test("every method is there, with its handler unless it takes a stream", () => {
  expect(all.length).toBeGreaterThan(80);
  const without = all.filter(({ handle, method }) => handle === undefined && !method.requestStream);
  expect(without.map(({ path }) => path)).toEqual([]);
});

test("samples are messages of the contract, and some get past the reading of every method", async () => {
  for (const each of all) {
    const verdicts = new Set<unknown>();
    for (const bytes of each.samples) verdicts.add(await verdictOf(each, bytes, chance));
    expect([...verdicts].filter((verdict) => typeof verdict !== "string")).toEqual([]);
    expect(verdicts).not.toContain("undecodable");
  }
});

test("a handler that crashes is noticed", async () => {
  const crashing = { ...target, handle: () => Promise.reject(new TypeError("x is undefined")) };
  const verdict = await verdictOf(crashing, sample(target), chance);
  expect(verdict).toHaveProperty("crash");
  expect(JSON.stringify(verdict)).toContain("x is undefined");
});

test("a decoder that goes round and round is stopped", async () => {
  const decode = (input: BinaryReader | Uint8Array): unknown => {
    for (;;) new BinaryReader(input instanceof Uint8Array ? input : new Uint8Array([8, 1])).tag();
  };
  const requestType = { ...target.method.requestType, decode };
  const circling = { ...target, method: { ...target.method, requestType } };
  const verdict = await verdictOf(circling, Uint8Array.of(8, 1), chance);
  expect(verdict).toEqual({ crash: "the decoder does not end" });
});

test.each(Object.keys(MUTATIONS))("%s: a message is made otherwise, of bounded size", (how) => {
  const mutants = all.flatMap(({ samples }) =>
    samples.slice(0, 2).map((bytes) => MUTATIONS[how]!(bytes, chance)),
  );
  expect(Math.max(...mutants.map(({ length }) => length))).toBeLessThan(1_000_000);
  const changed = mutants.some(
    (bytes, at) => !Buffer.from(bytes).equals(all[at >> 1]!.samples[at & 1]!),
  );
  expect(changed).toBe(how !== "untouched");
});
