import { type ClientReadableStream, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import type { CallSpan } from "./call-span.ts";
import { abandoned, problemFromStatus } from "./status-problems.ts";

/** A call that was made, from the moment it was made: it may fail before anybody reads it. */
export interface OpenCall {
  readonly call: ClientReadableStream<unknown>;
  /** How it failed, once it has. */
  failure(): ServiceError | undefined;
}

/** Follows a call until its status arrives: ends its span, and cancels it when the signal says so. */
export function follow(
  call: ClientReadableStream<unknown>,
  span: CallSpan,
  signal: AbortSignal | undefined,
): OpenCall {
  let failure: ServiceError | undefined;
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  call.on("error", (error: unknown) => {
    if (isServiceError(error)) failure ??= error;
  });
  call.once("status", ({ code }: StatusObject) => {
    signal?.removeEventListener("abort", cancel);
    span.end(code);
  });
  return { call, failure: () => failure };
}

/**
 * The messages of a call in order, until the server ends it. Throws a `Problem` if it
 * failed, CANCELLED if the signal ended it. Leaving the loop cancels the call.
 */
export async function* readMessages(
  open: OpenCall,
  signal: AbortSignal | undefined,
): AsyncGenerator {
  try {
    for await (const message of open.call) yield message as unknown;
  } catch (thrown) {
    if (!isServiceError(thrown)) throw thrown;
  } finally {
    open.call.cancel();
  }
  const failure = open.failure();
  if (failure && signal?.aborted) throw abandoned(signal.reason);
  if (failure) throw problemFromStatus(failure);
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "number";
}
