import { seatBroker } from "@leasehold/contracts";
import type { Clock } from "@leasehold/kernel";
import { type CallContext, implement, type ServiceBinding } from "@leasehold/service-kit";
import type { PageTokens } from "../domain/page-token.ts";
import { leaseNotFound, licenseNotFound, scheduled } from "../domain/seat-problems.ts";
import { acquireSeat, type AcquireSeatPorts } from "../use-cases/acquire-seat.ts";
import type { BarredInstallations } from "../use-cases/barred-installations.ts";
import type { LendingSeatStore } from "../use-cases/borrow-ports.ts";
import type { BrokerCounts } from "../use-cases/broker-counts.ts";
import { borrowSeat, type BorrowSeatPorts } from "../use-cases/borrow-seat.ts";
import { countAsked } from "../use-cases/count-asked.ts";
import { drainPool } from "../use-cases/drain-pool.ts";
import { listSeats } from "../use-cases/list-seats.ts";
import type { BrokerEvents } from "../use-cases/ports.ts";
import type { PoolStore } from "../use-cases/pool-ports.ts";
import { recordBarred } from "../use-cases/record-refusal.ts";
import { releaseSeat } from "../use-cases/release-seat.ts";
import { type RevokeRequest, revokeSeat, type RevokeSeatPorts } from "../use-cases/revoke-seat.ts";
import type { SeatWakes } from "../use-cases/seat-wakes.ts";
import { callerOf, subjectOf } from "./caller.ts";
import { mayAdminister, mayRead } from "./customer-scope.ts";
import { answerHeartbeats } from "./heartbeats.ts";
import { type KeepAlivePorts, keepAliveStreams } from "./keep-alive.ts";
import {
  parseAcquire,
  parseBorrow,
  parseLicense,
  parseList,
  parseRelease,
  parseRenew,
  parseRevoke,
} from "./parse.ts";
import { presentLease, presentPage, presentWarnings } from "./present.ts";
import { presentRenewals } from "./present-renewals.ts";
import { KeepAliveRequest } from "./usual-heartbeats.ts";
import { waitHandler, type WaitPorts } from "./wait-for-seat.ts";

export interface SeatBrokerPorts
  extends AcquireSeatPorts, KeepAlivePorts, WaitPorts, RevokeSeatPorts, BorrowSeatPorts {
  readonly seats: LendingSeatStore;
  readonly pools: PoolStore;
  readonly wakes: SeatWakes;
  readonly barred: BarredInstallations;
  readonly events: BrokerEvents;
  readonly counts: BrokerCounts;
  readonly clock: Clock;
  readonly pageTokens: PageTokens;
  /** Within how many milliseconds clients reconnect elsewhere when the server goes away. */
  readonly goodbyeSpreadMs: number;
}

const { methods, ...named } = seatBroker.SeatBrokerServiceDefinition;
const keepAlive = { ...methods.keepAlive, requestType: KeepAliveRequest };
const DEFINITION = { ...named, methods: { ...methods, keepAlive } };

/** The methods of the contract, each a translation around a use case. */
export function seatBrokerService(ports: SeatBrokerPorts): ServiceBinding {
  const streams = keepAliveStreams(ports);
  const leaving = new AbortController();
  return implement(
    DEFINITION,
    {
      acquireSeat: acquireHandler(ports),
      renewSeats: async (request, call) => {
        parseRenew(request);
        const caller = callerOf(call);
        const answered = await answerHeartbeats(ports, caller, request.heartbeats);
        const next = { tokens: ports.tokens, installation: caller.installation };
        return { renewals: presentRenewals(next, answered) };
      },
      releaseSeat: async (request, call) => {
        const caller = callerOf(call);
        await releaseSeat(ports, { ...caller, ...parseRelease(request, caller) });
        return {};
      },
      borrowSeat: async (request, call) => {
        const order = parseBorrow(request, ports.barred.admit(callerOf(call)));
        const { endTime, borrow } = await borrowSeat(ports, order);
        return { endTime: new Date(endTime), borrow };
      },
      waitForSeat: waitHandler(ports, leaving.signal),
      keepAlive: streams.handle,
      listSeats: async (request, call) => {
        const query = parseList(request, ports.pageTokens);
        mayRead(call, query.name, licenseNotFound);
        return presentPage(await listSeats(ports, query), ports.pageTokens);
      },
      revokeSeat: async (request, call) => {
        await revokeSeat(
          ports,
          await mayRevoke(ports, call, parseRevoke(request, subjectOf(call))),
        );
        return {};
      },
      drainPool: (request, call) => setDrained(ports, request, call, true),
      resumePool: (request, call) => setDrained(ports, request, call, false),
    },
    {
      onDrain: () => {
        leaving.abort();
        return streams.sayGoodbye(ports.goodbyeSpreadMs, ports.chance);
      },
    },
  );
}

function acquireHandler(ports: SeatBrokerPorts) {
  return async (request: seatBroker.AcquireSeatRequest, call: CallContext) => {
    const caller = callerOf(call);
    const command = parseAcquire(request, caller, call.peer);
    try {
      const granted = await countAsked(ports.counts, async () => {
        if (ports.barred.has(caller.license, caller.installation))
          await recordBarred(ports, command);
        ports.barred.admit(caller);
        return acquireSeat(ports, command);
      });
      const warnings = presentWarnings(granted.warnings);
      return { lease: presentLease(request.leaseId, granted), warnings };
    } catch (refusal) {
      throw scheduled(refusal, ports.retries);
    }
  };
}

/** Lets on who may take a lease back. It names its license by id alone; whose that is, the pool tells. */
async function mayRevoke(
  { pools }: Pick<SeatBrokerPorts, "pools">,
  call: CallContext,
  order: RevokeRequest,
): Promise<RevokeRequest> {
  if (call.principal.kind !== "account") return order;
  const found = await pools.read(order.license);
  if (!found) throw leaseNotFound();
  mayAdminister(call, found.name, leaseNotFound);
  return order;
}

async function setDrained(
  ports: SeatBrokerPorts,
  request: seatBroker.DrainPoolRequest | seatBroker.ResumePoolRequest,
  call: CallContext,
  drained: boolean,
): Promise<Record<string, never>> {
  const name = parseLicense(request);
  await drainPool(ports, { name, drained, subject: subjectOf(call) });
  return {};
}
