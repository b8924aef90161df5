import { array, assert, asyncProperty, nat } from "fast-check";
import { expect, test } from "vitest";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { FeedEntry } from "./ports.ts";
import { watchEntitlements, type WatchPorts, type WatchStep } from "./watch-entitlements.ts";

const facts = (license: number, revision: bigint): LicenseFacts => ({
  license: `customers/acme/licenses/${license}`,
  revision,
  state: "ACTIVE",
  product: "products/studio",
  terms: {
    model: "FLOATING",
    seats: 1,
    features: [],
    startTime: 0,
    endTime: 1,
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    seatPolicy: new Uint8Array(),
    passedTerms: new Uint8Array(),
  },
});

/** A feed in memory. Between a watcher's looks it changes as `rounds` say; then the watch is over. */
function feed(rounds: readonly (readonly number[])[]) {
  const entries = new Map<number, FeedEntry>();
  const control = new AbortController();
  const left = [...rounds];
  let head = 0n;
  let trust: { version: number; token: string } | undefined;
  const change = (license: number) => {
    head += 1n;
    entries.set(license, {
      feedRevision: head,
      entitlement: facts(license, head),
      barred: { revision: 0n, installations: [] },
    });
  };
  const ports: WatchPorts = {
    feed: {
      read: async (after, limit) => ({
        head,
        entries: [...entries.values()]
          .filter(({ feedRevision }) => feedRevision > after)
          .toSorted((a, b) => Number(a.feedRevision - b.feedRevision))
          .slice(0, limit),
      }),
      watch: () => ({
        next: async () => {
          const round = left.shift();
          if (round === undefined) control.abort();
          else for (const license of round) change(license);
        },
        [Symbol.dispose]: () => undefined,
      }),
    },
    trust: { find: async () => trust },
  };
  return {
    ports,
    change,
    entries,
    signal: control.signal,
    head: () => head,
    setTrust: (version: number) => {
      trust = { version, token: `trust ${version}` };
    },
  };
}

function collect(watched: ReturnType<typeof feed>, after = 0n): Promise<WatchStep[]> {
  return Array.fromAsync(watchEntitlements(watched.ports, after, watched.signal));
}

test("whatever changes when, a watcher ends up with every license as it is, in the order of the feed", async () => {
  const round = array(nat({ max: 9 }), { maxLength: 5 });
  await assert(
    asyncProperty(nat({ max: 700 }), array(round, { maxLength: 8 }), async (n, rounds) => {
      const watched = feed(rounds);
      watched.setTrust(1);
      for (let license = 0; license < n; license++) watched.change(license);
      const steps = await collect(watched);
      const known = new Map<string, bigint>();
      let position = 0n;
      for (const step of steps) {
        expect(step.feedRevision).toBeGreaterThanOrEqual(position);
        position = step.feedRevision;
        if (step.kind === "entitlement")
          known.set(step.entitlement.license, step.entitlement.revision);
      }
      expect(position).toBe(watched.head());
      expect(steps.at(-1)?.kind).toBe("position");
      expect(known).toEqual(
        new Map(
          [...watched.entries.values()].map(({ entitlement }) => [
            entitlement.license,
            entitlement.revision,
          ]),
        ),
      );
    }),
    { numRuns: 50 },
  );
});

test("the trust bundle comes first, and again when it changes", async () => {
  const watched = feed([[], []]);
  watched.setTrust(1);
  watched.change(1);
  const kinds: string[] = [];
  for await (const step of watchEntitlements(watched.ports, 0n, watched.signal)) {
    kinds.push(step.kind === "trust" ? step.token : step.kind);
    if (step.kind === "position") watched.setTrust(2);
  }
  expect(kinds).toEqual(["trust 1", "entitlement", "position", "trust 2"]);
});

test("nothing comes before a trust bundle is known", async () => {
  const watched = feed([[1], [2]]);
  expect(await collect(watched)).toEqual([]);
});

test("a watcher gets only what came after the point it asks for, and where the feed stands", async () => {
  const watched = feed([]);
  watched.setTrust(1);
  for (const license of [1, 2, 3]) watched.change(license);
  const steps = await collect(watched, 2n);
  expect(steps.map(({ kind, feedRevision }) => [kind, feedRevision])).toEqual([
    ["trust", 2n],
    ["entitlement", 3n],
    ["position", 3n],
  ]);
});

test("a watcher that is ahead of the feed gets everything", async () => {
  const watched = feed([]);
  watched.setTrust(1);
  for (const license of [1, 2]) watched.change(license);
  const steps = await collect(watched, 50n);
  expect(steps.map(({ kind }) => kind)).toEqual([
    "trust",
    "entitlement",
    "entitlement",
    "position",
  ]);
});
