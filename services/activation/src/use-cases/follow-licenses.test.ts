import { Problem } from "@leasehold/kernel";
import { generateKeyPair, signingKey, signTrustBundle } from "@leasehold/license-format";
import { beforeAll, expect, test } from "vitest";
import type { LicenseFacts } from "../domain/license-facts.ts";
import { type FollowEvent, followLicenses } from "./follow-licenses.ts";
import type { KnownTrust, LicenseStep } from "./ports.ts";

const DEPLOYMENT = "test.leasehold.local";
const FACTS: LicenseFacts = {
  license: "customers/acme/licenses/one",
  revision: 1n,
  state: "ACTIVE",
  product: "products/studio",
  terms: {
    model: "FLOATING",
    seats: 3,
    features: [],
    startTime: 0,
    endTime: 1,
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    seatPolicy: new Uint8Array(),
    passedTerms: new Uint8Array(),
  },
};

let rootKey: Uint8Array;
let bundle: (version: number, deployment?: string) => Promise<string>;

beforeAll(async () => {
  const pair = await generateKeyPair();
  rootKey = pair.publicKey;
  bundle = (version, deployment = DEPLOYMENT) =>
    signTrustBundle(signingKey("trust", pair.privateKey), {
      deployment,
      version,
      keys: [],
      issuedAt: 0,
    });
});

/** An issuer that goes through a script, one stream for each connection, and what came of it. */
async function follow(options: {
  readonly bundles: readonly (string | Problem)[];
  readonly streams: readonly (readonly (LicenseStep | Problem)[])[];
}) {
  const control = new AbortController();
  const events: FollowEvent[] = [];
  const pauses: number[] = [];
  const kept: KnownTrust[] = [];
  const asked: bigint[] = [];
  const bundles = [...options.bundles];
  const streams = [...options.streams];
  let cursor = 0n;
  const told = <T>(next: T | Problem | undefined): T => {
    if (next instanceof Problem) throw next;
    if (next !== undefined) return next;
    control.abort();
    throw new Problem("CANCELLED");
  };
  await followLicenses(
    {
      issuer: {
        async *watchLicenses(after) {
          asked.push(after);
          for (const step of streams.shift() ?? [undefined]) yield told(step);
        },
      },
      feed: {
        issuerCursor: () => Promise.resolve(cursor),
        apply: (step) => {
          cursor = step.feedRevision;
          return Promise.resolve(step.license !== undefined);
        },
      },
      trust: {
        issuer: { trustBundle: async () => told(bundles.shift()) },
        store: {
          find: () => Promise.resolve(undefined),
          keep: async (trust) => void kept.push(trust),
        },
        inForce: { bundle: undefined },
        deployment: DEPLOYMENT,
        rootKey,
      },
      pause: async (ms) => void pauses.push(ms),
      random: () => 0,
      report: (event) => events.push(event),
    },
    control.signal,
  );
  return { events: events.map(({ kind }) => kind), pauses, kept, asked };
}

const step = (feedRevision: bigint, license?: LicenseFacts): LicenseStep => ({
  feedRevision,
  license,
});
const away = new Problem("DEPENDENCY_UNAVAILABLE");

test("each connection resumes after the last step that was dealt with", async () => {
  const one = await bundle(1);
  const { asked, events } = await follow({
    bundles: [one, one, one],
    streams: [
      [step(4n, FACTS), step(7n), away],
      [step(9n, FACTS), away],
    ],
  });
  expect(asked).toEqual([0n, 7n, 9n]);
  expect(events).toEqual([
    "trust-changed",
    "following",
    "license-changed",
    "interrupted",
    "following",
    "license-changed",
    "interrupted",
    "following",
  ]);
});

test("waits grow while nothing comes, and begin anew once something did", async () => {
  const one = await bundle(1);
  const { pauses } = await follow({
    bundles: [away, away, one, one, away],
    streams: [[away], [step(1n), away]],
  });
  expect(pauses).toEqual([200, 400, 800, 200, 400]);
});

test("a stream that merely ends is opened again", async () => {
  const one = await bundle(1);
  const { asked, pauses } = await follow({ bundles: [one, one], streams: [[step(3n)]] });
  expect(asked).toEqual([0n, 3n]);
  expect(pauses).toEqual([200]);
});

test("a newer trust bundle is kept; the same one again is not news", async () => {
  const [one, two] = await Promise.all([bundle(1), bundle(2)]);
  const { kept } = await follow({
    bundles: [one, one, two],
    streams: [[step(1n)], [step(1n)], [step(1n)]],
  });
  expect(kept).toEqual([
    { version: 1, token: one },
    { version: 2, token: two },
  ]);
});

test.each([
  ["mutated", async () => (await bundle(1)).slice(0, -6) + "AAAAAA"],
  ["of another deployment", () => bundle(1, "other.leasehold.local")],
])("an issuer whose trust bundle is %s is not followed", async (_, forged) => {
  const { asked, kept, events } = await follow({ bundles: [await forged()], streams: [] });
  expect(asked).toEqual([]);
  expect(kept).toEqual([]);
  expect(events).toEqual(["trust-refused", "interrupted"]);
});

test("an older trust bundle than the one in force is refused", async () => {
  const [one, two] = await Promise.all([bundle(1), bundle(2)]);
  const { kept, events } = await follow({ bundles: [two, one], streams: [[step(1n)]] });
  expect(kept).toHaveLength(1);
  expect(events).toContain("trust-refused");
});
