import type { seatBroker } from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import { expect, vi } from "vitest";
import type { BrokerClient } from "./running-brokers.ts";

/** A KeepAlive stream with all that arrived on it. */
export interface OpenedStream extends AsyncDisposable {
  readonly received: readonly seatBroker.KeepAliveResponse[];
  /** Sends a message. @returns its answer */
  beat(heartbeats?: seatBroker.Heartbeat[]): Promise<readonly seatBroker.Renewal[]>;
  /** Sends messages without waiting for an answer. */
  flood(messages: number, heartbeats: seatBroker.Heartbeat[]): void;
  /** The licenses that it was told of, oldest first. */
  changes(): readonly seatBroker.LicenseChanged[];
  drainings(): readonly seatBroker.Draining[];
  revocations(): readonly seatBroker.SeatRevoked[];
  end(): void;
  /** How the stream ended: over a problem, or well. */
  readonly ended: Promise<Problem | undefined>;
}

export async function openStream(broker: BrokerClient): Promise<OpenedStream> {
  const abort = new AbortController();
  const call = broker.keepAlive({ signal: abort.signal });
  const received: seatBroker.KeepAliveResponse[] = [];
  let seq = 1n;
  const ended = (async () => {
    try {
      for await (const message of call) received.push(message);
      return undefined;
    } catch (error) {
      if (isProblem(error)) return error;
      throw error;
    }
  })();
  call.send({ seq, heartbeats: [] });
  const events = () => received.flatMap(({ event }) => event?.event ?? []);
  return {
    received,
    ended,
    beat: async (heartbeats = []) => {
      seq += 1n;
      const own = seq;
      call.send({ seq: own, heartbeats });
      const answer = await vi.waitFor(
        () => {
          const found = received.find((message) => message.seq === own);
          expect(found).toBeDefined();
          return found!;
        },
        { timeout: 10_000 },
      );
      return answer.renewals;
    },
    flood: (messages, heartbeats) => {
      for (let i = 0; i < messages; i += 1) call.send({ seq: (seq += 1n), heartbeats });
    },
    changes: () => events().flatMap((e) => (e.$case === "licenseChanged" ? [e.value] : [])),
    drainings: () => events().flatMap((e) => (e.$case === "draining" ? [e.value] : [])),
    revocations: () => events().flatMap((e) => (e.$case === "seatRevoked" ? [e.value] : [])),
    end: () => call.end(),
    [Symbol.asyncDispose]: async () => {
      abort.abort();
      await ended;
    },
  };
}
