import { isProblem } from "@leasehold/kernel";
import { client, type CallMetadata, type CallStatus, type Channel } from "@leasehold/rpc-client";
import type { ContractMethod } from "./contract-methods.ts";

/** What became of a call. */
export interface Observation {
  /** `ANSWERED`, or the reason of the refusal. */
  readonly outcome: string;
  /** The whole status as it came over the wire; empty if the call was answered. */
  readonly bytes: string;
  /** The fields that were found to be wrong, as the contract spells them. */
  readonly fields: readonly string[];
}

/** The gRPC status of a method that a server does not have; no reason of the contract. */
const UNIMPLEMENTED = 12;

const ANSWERED: Observation = { outcome: "ANSWERED", bytes: "", fields: [] };

/** Makes a call, and waits for the first that comes of it. */
export async function observe(
  channel: Channel,
  { service, key, definition }: ContractMethod,
  metadata: CallMetadata,
  request: Uint8Array,
): Promise<Observation> {
  const calls = client(service, channel, { metadata: () => metadata }) as Record<string, unknown>;
  const message: unknown = definition.requestType.decode(request);
  try {
    if (definition.requestStream) await firstOf(duplex(calls[key], message));
    else if (definition.responseStream)
      await firstOf((calls[key] as (message: unknown) => AsyncIterable<unknown>)(message));
    else await (calls[key] as (message: unknown) => Promise<unknown>)(message);
    return ANSWERED;
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    if (codeOf(thrown.cause) === UNIMPLEMENTED)
      return { outcome: "UNIMPLEMENTED", bytes: bytesOf(thrown.cause), fields: [] };
    const fields = thrown.violations.map(({ field }) => field);
    return { outcome: thrown.reason, bytes: bytesOf(thrown.cause), fields };
  }
}

function duplex(call: unknown, message: unknown): AsyncIterable<unknown> {
  const stream = (
    call as () => AsyncIterable<unknown> & { send(message: unknown): void; end(): void }
  )();
  stream.send(message);
  stream.end();
  return stream;
}

async function firstOf(responses: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of responses) break;
}

function codeOf(cause: unknown): number {
  return (cause as CallStatus).code;
}

/** The status with its details; nothing of what differs from call to call, such as dates. */
function bytesOf(cause: unknown): string {
  const { code, details, metadata } = cause as CallStatus;
  const told = metadata?.get("grpc-status-details-bin") ?? [];
  return JSON.stringify([code, details, told.map((value) => Buffer.from(value).toString("hex"))]);
}
