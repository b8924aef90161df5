import type { Uuid } from "@leasehold/kernel";
import { expect, test, vi } from "vitest";
import { type LeaseId, leaseIdReader } from "../domain/lease-id.ts";
import { tokenKeys } from "../domain/lease-token.ts";
import type { BrokerEvents, RenewalBatch, SeatStore } from "../use-cases/ports.ts";
import { leaseRenewer } from "../use-cases/renew-leases.ts";
import { someLease } from "../../test/some-pool.ts";
import { someTerms } from "../../test/some-terms.ts";
import type { Caller } from "./caller.ts";
import { answerHeartbeats, type HeartbeatPorts, type VerifiedLeases } from "./heartbeats.ts";

const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const tokens = tokenKeys([Buffer.alloc(32, 1)]);

function callerOf(installation: string): Caller {
  return {
    installation: installation as Uuid,
    license: LICENSE,
    readLeaseId: leaseIdReader(LICENSE),
    licenseName: "customers/acme/licenses/1",
    product: "products/atlas",
    publicKeyThumbprint: "",
  };
}

/** Renews whatever it is asked to, until 5 s by Redis' clock; remembers what each round trip carried. */
function broker() {
  const roundTrips: (readonly string[])[] = [];
  const renewAll = (batches: readonly RenewalBatch[]) => {
    roundTrips.push(batches.flatMap(({ members }) => members));
    const extension = { now: 1_000, validityMs: 3_000, graceMs: 1_000, epoch: 1 };
    return Promise.resolve(
      batches.map(({ members }) => ({
        kind: "decided" as const,
        ...extension,
        outcomes: members.map(() => "renewed" as const),
      })),
    );
  };
  const { terms } = someTerms();
  const renew = leaseRenewer({
    ...someTerms(),
    seats: { nodeOf: () => "one", renew: renewAll } as Partial<SeatStore> as SeatStore,
    recover: () => Promise.resolve(),
    tokens,
    events: {
      renewalsFailed: vi.fn<BrokerEvents["renewalsFailed"]>(),
    } as Partial<BrokerEvents> as BrokerEvents,
    apart: setImmediate,
  });
  const counts = { tokenRefused: vi.fn<() => void>() };
  const ports: HeartbeatPorts = { renew, tokens, barred: { has: () => false }, terms, counts };
  return { ports, roundTrips };
}

function heartbeat({ installation }: Caller, id: LeaseId, expiry: number) {
  const facts = { fence: 1n, epoch: 1, expiry, claim: "" };
  return { leaseId: id.bytes, token: tokens.mint({ id, installation }, facts) };
}

test("whoever makes up a token that tells of an early end comes before nobody", async () => {
  const { ports, roundTrips } = broker();
  const liar = callerOf("018f1111-1111-7111-8111-111111111111");
  const honest = callerOf("018f2222-2222-7222-8222-222222222222");
  const genuine = Array.from({ length: 6_000 }, () => heartbeat(liar, someLease(LICENSE), 2_000));
  const verified: VerifiedLeases = new Map();
  await answerHeartbeats(ports, liar, genuine, verified);
  const madeUp = genuine.map((one) => ({ ...one, token: Buffer.alloc(one.token.length) }));
  const before = roundTrips.length;
  const late = someLease(LICENSE);
  await Promise.all([
    answerHeartbeats(ports, liar, madeUp, verified),
    answerHeartbeats(ports, honest, [heartbeat(honest, late, 3_500)], new Map()),
  ]);
  expect(roundTrips[before]).toHaveLength(5_000);
  expect(roundTrips[before]).toContain(late.member);
});
