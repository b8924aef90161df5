import type { seatBroker } from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import type { BrokerClient } from "./running-brokers.ts";

/** A WaitForSeat stream with all that arrived on it. */
export interface OpenedWait extends AsyncDisposable {
  /** The places that it was told, oldest first. */
  readonly ahead: readonly number[];
  /** How it ended: with an offer, or over a problem. */
  readonly ended: Promise<"offer" | Problem>;
  offered(): boolean;
  /** The newest ticket; empty before the first. */
  ticket(): Buffer;
  /** Breaks the stream, as a client does that goes away without a word. */
  leave(): Promise<void>;
}

export function openWait(
  broker: BrokerClient,
  leaseId: Buffer,
  ticket: Buffer = Buffer.alloc(0),
  said: Partial<Pick<seatBroker.WaitForSeatRequest, "holder" | "claim">> = {},
): OpenedWait {
  const abort = new AbortController();
  const ahead: number[] = [];
  let newest = ticket;
  let offered = false;

  function take(response: seatBroker.WaitForSeatResponse): void {
    newest = response.ticket;
    if (response.state?.$case === "position") ahead.push(response.state.value.ahead);
    if (response.state?.$case === "offer") offered = true;
  }

  async function follow(): Promise<"offer" | Problem> {
    try {
      const request = { leaseId, ticket, holder: undefined, claim: undefined, ...said };
      const answers = broker.waitForSeat(request, { signal: abort.signal });
      for await (const response of answers) take(response);
    } catch (error) {
      if (isProblem(error)) return error;
      throw error;
    }
    if (!offered) throw new Error("the stream ended without an offer");
    return "offer";
  }

  const ended = follow();
  const leave = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  return {
    ahead,
    ended,
    offered: () => offered,
    ticket: () => newest,
    leave,
    [Symbol.asyncDispose]: leave,
  };
}
