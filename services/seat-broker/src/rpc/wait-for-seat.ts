import { durationFromMs, type seatBroker } from "@leasehold/contracts";
import type { Clock } from "@leasehold/kernel";
import type { ServerStreamHandler } from "@leasehold/service-kit";
import type { RetrySchedule } from "../domain/retry-schedule.ts";
import { scheduled } from "../domain/seat-problems.ts";
import type { TicketKeys } from "../domain/wait-ticket.ts";
import type { StayLimit } from "../use-cases/stay-limit.ts";
import type { BrokerCounts } from "../use-cases/broker-counts.ts";
import { type WaitForSeatPorts, waitForSeat, type WaitStep } from "../use-cases/wait-for-seat.ts";
import { callerOf } from "./caller.ts";
import { parseWait } from "./parse.ts";

export interface WaitPorts extends WaitForSeatPorts {
  readonly tickets: TicketKeys;
  readonly waiters: StayLimit;
  readonly retries: RetrySchedule;
  readonly counts: Pick<BrokerCounts, "waited">;
  readonly clock: Pick<Clock, "monotonic">;
}

type State = seatBroker.WaitForSeatResponse["state"];

/** Lets clients wait, until the signal says that the broker is going away. */
export function waitHandler(
  ports: WaitPorts,
  leaving: AbortSignal,
): ServerStreamHandler<seatBroker.WaitForSeatRequest, seatBroker.WaitForSeatResponse> {
  return async function* (request, call) {
    const caller = callerOf(call);
    const wanted = parseWait(request, { tickets: ports.tickets, caller, address: call.peer });
    const subject = { id: wanted.id, installation: caller.installation };
    const beganAt = ports.clock.monotonic();
    let wasOffered = false;
    try {
      using _stay = ports.waiters.enter(caller.installation);
      for await (const step of waitForSeat(ports, wanted, { gone: call.signal, leaving })) {
        if (step.kind === "offer") wasOffered = true;
        yield { ticket: ports.tickets.mint(subject, step.place), state: presentStep(step) };
      }
    } catch (refusal) {
      throw scheduled(refusal, ports.retries);
    } finally {
      ports.counts.waited(wasOffered, ports.clock.monotonic() - beganAt);
    }
  };
}

function presentStep(step: WaitStep): State {
  if (step.kind === "offer")
    return { $case: "offer", value: { lapsesAfter: durationFromMs(step.lapsesInMs) } };
  const { ahead, estimateMs } = step;
  const estimate = estimateMs === undefined ? undefined : durationFromMs(estimateMs);
  return { $case: "position", value: { ahead, estimate } };
}
