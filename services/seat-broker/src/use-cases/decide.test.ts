import { expect, test } from "vitest";
import { problemOf } from "../../test/problem-of.ts";
import { somePool, someUuid } from "../../test/some-pool.ts";
import { decide } from "./decide.ts";
import type { Undecided } from "./ports.ts";

type Answer = { readonly kind: "yes" } | Undecided;

/** Puts a question to which these are the answers, the last one for ever; tells all that was done. */
async function deciding(...answers: readonly [Answer, ...Answer[]]) {
  const did: string[] = [];
  const note = (what: string) => () => {
    did.push(what);
    return Promise.resolve();
  };
  const reread = () => note("refresh")().then(() => somePool());
  const ports = {
    seats: { readIncarnation: () => note("clock")().then(() => INCARNATION) },
    recover: note("recover"),
    restore: note("restore"),
    terms: { of: reread, refresh: reread },
  };
  let asked = 0;
  const ask = () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? answers[0];
    asked += 1;
    return Promise.resolve(answer);
  };
  const outcome = decide<{ readonly kind: "yes" }>(ports, someUuid(), ask);
  return { did, outcome, asked: () => asked };
}

const INCARNATION = { now: 0, name: "x", trustedSince: 0 };
const YES = { kind: "yes" } as const;

test("an answer is passed on", async () => {
  const { did, outcome, asked } = await deciding(YES);
  expect(await outcome).toEqual(YES);
  expect([did, asked()]).toEqual([[], 1]);
});

test.each<[Undecided["kind"], readonly string[]]>([
  ["unset", ["recover", "refresh"]],
  ["unrestored", ["restore"]],
  ["moved", ["refresh"]],
  ["misjudged", ["clock"]],
])("what is %s is set right, and asked again", async (kind, expected) => {
  const { did, outcome } = await deciding({ kind } as Undecided, YES);
  expect(await outcome).toEqual(YES);
  expect(did).toEqual(expected);
});

test("one thing after another is set right", async () => {
  const wrong = ["moved", "unset", "unrestored"] as const;
  const answers = wrong.map((kind): Answer => ({ kind }));
  const { outcome } = await deciding({ kind: "moved" }, ...answers.slice(1), YES);
  expect(await outcome).toEqual(YES);
});

test("what only time sets right is not asked again", async () => {
  const { outcome, asked } = await deciding({ kind: "recovering", endsInMs: 1_500 }, YES);
  expect(await problemOf(outcome)).toMatchObject({ reason: "RECOVERING", retryAfterMs: 1_500 });
  expect(asked()).toBe(1);
});

test("what cannot be set right is given up, to be tried again soon", async () => {
  const { outcome, asked } = await deciding({ kind: "misjudged" });
  expect(await problemOf(outcome)).toMatchObject({ reason: "RECOVERING", retryAfterMs: 500 });
  expect(asked()).toBe(4);
});
