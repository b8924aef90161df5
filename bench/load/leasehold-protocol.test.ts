import { durationFromMs, seatBroker } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom, uuidBytes } from "@leasehold/kernel";
import { describe, expect, it } from "vitest";
import { leaseholdProtocol } from "./leasehold-protocol.ts";

const license = newUuid(systemClock, systemRandom);
const protocol = leaseholdProtocol(license);
const { AcquireSeatRequest, KeepAliveRequest, KeepAliveResponse, RenewalOutcome } = seatBroker;
const bodyOf = (message: Buffer) => message.subarray(5);

function renewal(outcome: seatBroker.RenewalOutcome): seatBroker.Renewal {
  const leaseId = Buffer.alloc(32, 7);
  return outcome === RenewalOutcome.RENEWED
    ? { leaseId, outcome, validity: durationFromMs(45_000), token: Buffer.alloc(60, 1) }
    : { leaseId, outcome, validity: undefined, token: Buffer.alloc(0) };
}

describe("what the load generator says", () => {
  it("asks for a lease of the license by a new UUIDv7 each time", () => {
    const [first, second] = [protocol.acquire(), protocol.acquire()];
    const { leaseId, holder } = AcquireSeatRequest.decode(bodyOf(first.message));
    expect(leaseId.subarray(0, 16).equals(Buffer.from(uuidBytes(license)))).toBe(true);
    expect(leaseId.equals(first.id)).toBe(true);
    expect(leaseId[22]! >> 4).toBe(7);
    expect(leaseId[24]! >> 6).toBe(2);
    expect(holder?.user).not.toBe("");
    expect(second.id.equals(first.id)).toBe(false);
  });

  it("beats for many leases in one message", () => {
    const leases = [1, 2, 3].map((n) => ({ id: Buffer.alloc(32, n), token: Buffer.alloc(51, n) }));
    const { seq, heartbeats } = KeepAliveRequest.decode(bodyOf(protocol.beats(leases)));
    expect(seq).toBe(1n);
    expect(heartbeats.map(({ leaseId }) => leaseId[0])).toEqual([1, 2, 3]);
  });
});

describe("what the load generator reads", () => {
  it("counts every outcome for what it is", () => {
    const { RENEWED, RETRY, EXPIRED, REVOKED, TOKEN_INVALID } = RenewalOutcome;
    const renewals = [RENEWED, EXPIRED, RENEWED, RETRY, REVOKED, TOKEN_INVALID].map(renewal);
    const answer = KeepAliveResponse.encode({ seq: 1n, renewals, event: undefined }).finish();
    expect(protocol.answered(Buffer.from(answer))).toEqual({ renewed: 2, lost: 3, undecided: 1 });
    const unary = seatBroker.RenewSeatsResponse.encode({ renewals }).finish();
    expect(protocol.renewed(Buffer.from(unary))).toEqual({ renewed: 2, lost: 3, undecided: 1 });
  });

  it("takes an event for no answer", () => {
    const event = { event: { $case: "draining" as const, value: { retryAfter: undefined } } };
    const told = KeepAliveResponse.encode({ seq: 0n, renewals: [], event }).finish();
    expect(protocol.answered(Buffer.from(told))).toBeUndefined();
  });

  it("does not take an empty answer to AcquireSeat for a lease", () => {
    expect(() => protocol.granted(protocol.acquire(), Buffer.alloc(0))).toThrow("no lease");
  });
});
