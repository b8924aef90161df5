import { seatBroker } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import type { PageTokens } from "../domain/page-token.ts";
import { acquireSeat } from "../use-cases/acquire-seat.ts";
import { listSeats } from "../use-cases/list-seats.ts";
import type { SeatStore } from "../use-cases/ports.ts";
import { releaseSeat } from "../use-cases/release-seat.ts";
import { callerOf } from "./caller.ts";
import { answerHeartbeats } from "./heartbeats.ts";
import { type KeepAlivePorts, keepAliveStreams } from "./keep-alive.ts";
import { parseAcquire, parseList, parseRelease, parseRenew } from "./parse.ts";
import { presentLease, presentPage } from "./present.ts";
import { waitHandler, type WaitPorts } from "./wait-for-seat.ts";

export interface SeatBrokerPorts extends KeepAlivePorts, WaitPorts {
  readonly seats: SeatStore;
  readonly pageTokens: PageTokens;
  /** Within how many milliseconds clients reconnect elsewhere when the server goes away. */
  readonly goodbyeSpreadMs: number;
}

/** The methods of the contract, each a translation around a use case. */
export function seatBrokerService(ports: SeatBrokerPorts): ServiceBinding {
  const streams = keepAliveStreams(ports);
  const leaving = new AbortController();
  return implement(
    seatBroker.SeatBrokerServiceDefinition,
    {
      acquireSeat: async (request, call) => {
        const command = parseAcquire(request, callerOf(call));
        return { lease: presentLease(request.leaseId, await acquireSeat(ports, command)) };
      },
      renewSeats: async (request, call) => {
        parseRenew(request);
        const { heartbeats } = request;
        return { renewals: await answerHeartbeats(ports, callerOf(call), heartbeats) };
      },
      releaseSeat: async (request, call) => {
        const caller = callerOf(call);
        await releaseSeat(ports, { ...caller, id: parseRelease(request, caller) });
        return {};
      },
      waitForSeat: waitHandler(ports, leaving.signal),
      keepAlive: streams.handle,
      listSeats: async (request) => {
        const page = await listSeats(ports, parseList(request, ports.pageTokens));
        return presentPage(page, ports.pageTokens);
      },
    },
    {
      onDrain: () => {
        leaving.abort();
        return streams.sayGoodbye(ports.goodbyeSpreadMs, ports.chance);
      },
    },
  );
}
