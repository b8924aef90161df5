import { decodeStrictly, encodeMessage, type MethodDefinition } from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { malformedMessage, messageTooLarge } from "./call-problems.ts";

/** A request that could not be read; a handler never sees it. */
export class Unreadable {
  readonly problem: Problem;

  constructor(problem: Problem) {
    this.problem = problem;
  }
}

/**
 * Decodes a request. Does not throw: the transport would call it the server's fault.
 * Fields that the contract does not know are dropped.
 */
export function decodeRequest(method: MethodDefinition, bytes: Buffer, mostBytes: number): unknown {
  // The transport refuses it already by the length in front of it.
  if (bytes.length > mostBytes) return new Unreadable(messageTooLarge());
  try {
    return decodeStrictly(method.requestType, bytes);
  } catch (thrown) {
    return new Unreadable(malformedMessage(thrown));
  }
}

/** Encodes a response. */
export function encodeResponse(method: MethodDefinition, response: unknown): Buffer {
  const bytes = encodeMessage(method.responseType, response);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
