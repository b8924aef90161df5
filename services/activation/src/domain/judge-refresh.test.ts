import type { Uuid } from "@leasehold/kernel";
import { array, assert, boolean, nat, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { Installation, KnownMachine } from "./installation.ts";
import { judgeRefresh, type Presented } from "./judge-refresh.ts";

const ID = "01999999-0000-7000-8000-000000000001" as Uuid;
const request = (number: number) =>
  `01999999-0000-7000-8000-${String(number).padStart(12, "0")}` as Uuid;

const INSTALLATION: Installation = {
  id: ID,
  license: "customers/acme/licenses/one",
  product: "products/studio",
  host: "",
  createTime: 0,
  displayName: "",
  state: "ACTIVE",
  lastSeenTime: 0,
  applicationVersion: "",
  counter: 0,
};

function known(counter: number, given: Partial<KnownMachine> = {}): KnownMachine {
  return {
    installation: { ...INSTALLATION, counter },
    publicKey: new Uint8Array(32),
    fingerprint: undefined,
    refreshRequest: undefined,
    forgiven: false,
    ...given,
  };
}

const presented = (counter: number, number = 1): Presented => ({
  requestId: request(number),
  counter,
  fingerprint: undefined,
});

const CONFLICT = {
  kind: "refused",
  conflict: "COUNTER",
  problem: { reason: "INSTALLATION_CONFLICT" },
};

test("the counter that was given last counts, and moves by one", () => {
  expect(judgeRefresh(known(7), presented(7))).toMatchObject({ kind: "accepted", counter: 8 });
});

test("the last request again is the same refresh; another one with its counter is not", () => {
  const after = known(8, { refreshRequest: request(1) });
  expect(judgeRefresh(after, presented(7, 1))).toMatchObject({ kind: "accepted", counter: 8 });
  expect(judgeRefresh(after, presented(7, 2))).toMatchObject(CONFLICT);
  expect(judgeRefresh(after, presented(6, 1))).toMatchObject(CONFLICT);
});

test("a counter ahead of what is known tells that data were lost, unless it was never given", () => {
  const ahead = { kind: "accepted", counter: 13, isAhead: true };
  expect(judgeRefresh(known(7), presented(12))).toMatchObject(ahead);
  expect(judgeRefresh(known(7), presented(1_008))).toMatchObject(CONFLICT);
});

test("once forgiven any counter counts, and the next one is one that nobody had", () => {
  const forgiven = known(7, { forgiven: true });
  for (const counter of [0, 6, 7])
    expect(judgeRefresh(forgiven, presented(counter))).toMatchObject({ counter: 8 });
});

test.each([
  ["DISABLED", "INSTALLATION_DISABLED"],
  ["ENDED", "INSTALLATION_ENDED"],
] as const)("one that is %s is refused, whatever it presents", (state, reason) => {
  const barred = { ...known(7, { forgiven: true }), installation: { ...INSTALLATION, state } };
  expect(judgeRefresh(barred, presented(7))).toMatchObject({
    kind: "refused",
    problem: { reason },
  });
});

/** A directory as a machine has it. */
interface Directory {
  counter: number;
  /** Sent, and not answered yet as far as the machine knows. */
  pending: number | undefined;
}

test("whatever answers are lost, one machine is never a copy; of two, one is found out at its second refresh at the latest", () => {
  const step = record({ second: boolean(), answerIsLost: boolean() });
  const isFoundOut = () =>
    property(array(step, { maxLength: 30 }), nat({ max: 10 }), (steps, copiedAfter) => {
      let state = known(0);
      let requests = 0;
      const first: Directory = { counter: 0, pending: undefined };
      let copy: Directory | undefined;
      const answered = new Map<Directory, number>();
      for (const [index, { second, answerIsLost }] of steps.entries()) {
        if (index === copiedAfter) copy = { ...first };
        const machine = second && copy ? copy : first;
        machine.pending ??= ++requests;
        const verdict = judgeRefresh(state, presented(machine.counter, machine.pending));
        // Whoever is refused is found out; one machine alone never is.
        if (verdict.kind === "refused") return copy !== undefined;
        const { counter } = verdict;
        state = known(counter, { refreshRequest: request(machine.pending) });
        if (answerIsLost) continue;
        machine.counter = counter;
        machine.pending = undefined;
        if (copy) answered.set(machine, (answered.get(machine) ?? 0) + 1);
        const both = [...answered.values()].filter((times) => times > 1);
        if (both.length === 2) return false;
      }
      return true;
    });
  expect(() => assert(isFoundOut(), { numRuns: 2_000 })).not.toThrow();
});
