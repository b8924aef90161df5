import { Problem, type Uuid } from "@leasehold/kernel";
import { expect, test, vi } from "vitest";
import { leaseIdOf } from "../domain/lease-id.ts";
import { tokenKeys } from "../domain/lease-token.ts";
import type { BatchOutcome, BrokerEvents, RenewalBatch, SeatStore } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";
import { someTerms } from "../../test/some-terms.ts";
import { leaseRenewer, type ProvenLease, type ShownLease } from "./renew-leases.ts";

const INSTALLATION = "018f2222-2222-7222-8222-222222222222" as Uuid;
const tokens = tokenKeys([Buffer.alloc(32, 1)]);

function license(index: number): Uuid {
  return `018f0000-0000-7000-8000-${String(index).padStart(12, "0")}` as Uuid;
}

type Lease = ProvenLease & ShownLease;

function lease(of: Uuid, index: number): Lease {
  const member = Buffer.from(`7${index}`.padStart(16, "0")).toString("base64url");
  const id = leaseIdOf(of, member);
  const facts = { fence: BigInt(index), epoch: 1, expiry: 5_000, claim: "" };
  return {
    member,
    leaseId: id.bytes,
    fence: facts.fence,
    claim: "",
    expiry: facts.expiry,
    token: tokens.mint({ id, installation: INSTALLATION }, facts),
  };
}

const leasesOf = (of: Uuid, count: number) => Array.from({ length: count }, (_, i) => lease(of, i));

/** A Redis that answers each round trip when it is told to, as the test says. */
function scripted(
  decide: (batch: RenewalBatch, roundTrip: number) => BatchOutcome | undefined = allRenewed,
) {
  const roundTrips: (readonly RenewalBatch[])[] = [];
  const waiting: (() => void)[] = [];
  let held = false;
  const seats = {
    nodeOf: (of: Uuid) => (of === license(9) ? "another" : "one"),
    renew: async (batches: readonly RenewalBatch[]) => {
      const roundTrip = roundTrips.push(batches);
      if (held) await new Promise<void>((resolve) => waiting.push(resolve));
      return batches.map((batch) => decide(batch, roundTrip));
    },
    readIncarnation: () => Promise.resolve({ now: 0, name: "x", trustedSince: 0 }),
  } as Partial<SeatStore> as SeatStore;
  return {
    roundTrips,
    seats,
    hold: () => {
      held = true;
    },
    letGo: () => {
      held = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

const extension = { now: 1_000, validityMs: 3_000, graceMs: 1_000, epoch: 2 };

function allRenewed({ members }: RenewalBatch): BatchOutcome {
  return { kind: "decided", ...extension, outcomes: members.map(() => "renewed" as const) };
}

function renewer(seats: SeatStore, recover: RecoverPool = () => Promise.resolve()) {
  const events = {
    renewalsFailed: vi.fn<BrokerEvents["renewalsFailed"]>(),
  } as Partial<BrokerEvents> as BrokerEvents;
  const renew = leaseRenewer({
    ...someTerms(),
    seats,
    recover,
    tokens,
    events,
    apart: setImmediate,
  });
  return (of: Uuid, leases: readonly Lease[]) =>
    renew({ license: of, installation: INSTALLATION, leases, shown: leases });
}

test("those that end first go first where not all go in one round trip", async () => {
  const { seats, roundTrips } = scripted();
  const renew = renewer(seats);
  const of = license(1);
  const ending = (index: number, expiry: number) => ({ ...lease(of, index), expiry });
  const relaxed = Array.from({ length: 5_000 }, (_, index) => ending(index, 9_000));
  const pressed = Array.from({ length: 10 }, (_, index) => ending(5_000 + index, 1_000));
  const answers = await Promise.all([renew(of, relaxed), renew(of, pressed)]);
  expect(answers.flat().every(({ kind }) => kind === "renewed")).toBe(true);
  expect(roundTrips).toHaveLength(2);
  const first = roundTrips[0]!.flatMap(({ members }) => members);
  expect(first).toHaveLength(5_000);
  expect(first).toEqual(expect.arrayContaining(pressed.map(({ member }) => member)));
});

test("where far too many wait, those that end last are to come again", async () => {
  const { seats, roundTrips } = scripted();
  const renew = renewer(seats);
  const of = license(1);
  const ending = (expiry: number, count: number) => {
    const one = { ...lease(of, expiry), expiry };
    return Array.from({ length: count }, () => one);
  };
  const [relaxed, pressed] = await Promise.all([
    renew(of, ending(9_000, 60_000)),
    renew(of, ending(1_000, 45_000)),
  ]);
  expect(pressed.every(({ kind }) => kind === "renewed")).toBe(true);
  expect(relaxed.filter(({ kind }) => kind === "renewed")).toHaveLength(55_000);
  expect(relaxed.filter(({ kind }) => kind === "retry")).toHaveLength(5_000);
  expect(roundTrips).toHaveLength(20);
});

test("what arrives in one turn goes out in one round trip, each license by itself", async () => {
  const { seats, roundTrips } = scripted();
  const renew = renewer(seats);
  await Promise.all([1, 2, 1].map((index) => renew(license(index), leasesOf(license(index), 2))));
  expect(roundTrips).toHaveLength(1);
  expect(roundTrips[0]?.map((batch) => [batch.license, batch.members.length])).toEqual([
    [license(1), 4],
    [license(2), 2],
  ]);
});

test("what arrives during a round trip waits for it, and then goes out together", async () => {
  const { seats, roundTrips, hold, letGo } = scripted();
  const renew = renewer(seats);
  hold();
  const first = renew(license(1), leasesOf(license(1), 1));
  await vi.waitFor(() => expect(roundTrips).toHaveLength(1));
  const later = [2, 3].map((i) => renew(license(i), leasesOf(license(i), 1)));
  letGo();
  await Promise.all([first, ...later]);
  expect(roundTrips.map((batches) => batches.length)).toEqual([1, 2]);
});

test("a Redis that hangs keeps no renewal of another one waiting", async () => {
  const { seats, roundTrips, hold, letGo } = scripted();
  const renew = renewer(seats);
  hold();
  const hanging = renew(license(1), leasesOf(license(1), 1));
  await vi.waitFor(() => expect(roundTrips).toHaveLength(1));
  const other = renew(license(9), leasesOf(license(9), 1));
  await vi.waitFor(() => expect(roundTrips).toHaveLength(2));
  letGo();
  expect((await Promise.all([hanging, other])).flat().map(({ kind }) => kind)).toEqual([
    "renewed",
    "renewed",
  ]);
});

test("no script call carries more than 250 leases", async () => {
  const { seats, roundTrips } = scripted();
  const renewals = await renewer(seats)(license(1), leasesOf(license(1), 600));
  expect(roundTrips[0]?.map(({ members }) => members.length)).toEqual([250, 250, 100]);
  expect(renewals).toHaveLength(600);
});

test("each lease gets its own answer, and what its next token says", async () => {
  const { seats } = scripted(() => ({
    kind: "decided",
    ...extension,
    outcomes: ["gone", "renewed", "revoked"],
  }));
  const leases = leasesOf(license(1), 3);
  const renewals = await renewer(seats)(license(1), leases);
  expect(renewals).toEqual([
    { kind: "expired" },
    { kind: "renewed", validityMs: 3_000, epoch: 2, expiry: 5_000 },
    { kind: "revoked" },
  ]);
});

test("when a lease ends is put down with the lease once it was renewed", async () => {
  const { seats } = scripted();
  const leases = [{ ...lease(license(1), 1), expiry: 4_000 }];
  await renewer(seats)(license(1), leases);
  expect(leases[0]?.expiry).toBe(5_000);
});

test("a pool that is not set up is set up, and the renewal repeated", async () => {
  const { seats, roundTrips } = scripted((batch, roundTrip) =>
    roundTrip === 1 ? { kind: "unset" } : allRenewed(batch),
  );
  const recover = vi.fn<RecoverPool>(() => Promise.resolve());
  const [renewal] = await renewer(seats, recover)(license(1), [lease(license(1), 1)]);
  expect(renewal?.kind).toBe("renewed");
  expect(recover).toHaveBeenCalledExactlyOnceWith(license(1));
  expect(roundTrips).toHaveLength(2);
});

test("a recovery that stalls keeps no other license waiting", async () => {
  const { seats } = scripted((batch) =>
    batch.license === license(1) ? { kind: "unset" } : allRenewed(batch),
  );
  const renew = renewer(seats, () => new Promise<void>(() => undefined));
  void renew(license(1), leasesOf(license(1), 1));
  for (let i = 0; i < 3; i += 1) {
    const [renewal] = await renew(license(2), leasesOf(license(2), 1));
    expect(renewal?.kind).toBe("renewed");
  }
});

test.each([
  ["is not answered", undefined],
  ["meets a recovery", { kind: "recovering", endsInMs: 10 }],
  ["stays unset", { kind: "unset" }],
  ["stays misjudged", { kind: "misjudged" }],
] as const)("a batch that %s is to be tried again by its holders", async (_, outcome) => {
  const { seats } = scripted(() => outcome);
  const renewals = await renewer(seats)(license(1), leasesOf(license(1), 2));
  expect(renewals).toEqual([{ kind: "retry" }, { kind: "retry" }]);
});

test("a recovery that fails is no verdict on the lease", async () => {
  const { seats } = scripted(() => ({ kind: "unset" }));
  const recover = () => Promise.reject(new Problem("DEPENDENCY_UNAVAILABLE"));
  const renewals = await renewer(seats, recover)(license(1), leasesOf(license(1), 1));
  expect(renewals).toEqual([{ kind: "retry" }]);
});

test("a lease that only its token can tell of is readmitted by its token", async () => {
  const { seats } = scripted(() => ({
    kind: "decided",
    ...extension,
    outcomes: ["unknown", "unknown"],
  }));
  const readmit = vi.fn<SeatStore["readmit"]>(() =>
    Promise.resolve({ kind: "decided", ...extension, outcomes: ["renewed", "gone"] }),
  );
  const [genuine, forged] = [lease(license(1), 1), lease(license(1), 2)];
  const leases = [genuine, { ...forged, token: Buffer.alloc(51) }];
  const renewals = await renewer({ ...seats, readmit })(license(1), leases);
  expect(renewals.map(({ kind }) => kind)).toEqual(["renewed", "expired"]);
  expect(readmit).toHaveBeenCalledExactlyOnceWith(license(1), [
    { member: genuine.member, installation: INSTALLATION, fence: 1n, claim: "", expiry: 5_000 },
    { member: forged.member, installation: INSTALLATION, fence: 2n, claim: "", expiry: 0 },
  ]);
});

test("a defect fails one round trip, not those that follow", async () => {
  let fail = true;
  const { seats } = scripted((batch) => {
    if (fail) throw new TypeError("a defect");
    return allRenewed(batch);
  });
  const renew = renewer(seats);
  expect(await renew(license(1), leasesOf(license(1), 1))).toEqual([{ kind: "retry" }]);
  fail = false;
  const [renewal] = await renew(license(1), leasesOf(license(1), 1));
  expect(renewal?.kind).toBe("renewed");
});

test("leases that take much go in smaller batches, and none is left out", async () => {
  const { seats, roundTrips } = scripted();
  const renew = renewer(seats);
  const all = leasesOf(license(1), 60).map((one) => ({ ...one, claim: "100,,,cam" }));
  const renewals = await renew(license(1), all);
  expect(renewals.every(({ kind }) => kind === "renewed")).toBe(true);
  expect(roundTrips[0]?.map(({ members }) => members.length)).toEqual([12, 12, 12, 12, 12]);
});
