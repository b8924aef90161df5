import type { MethodDefinition } from "@leasehold/contracts";

/** A request that could not be decoded; a handler never sees it. */
export class Malformed {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * Decodes a request. Does not throw: the transport would call it the server's fault.
 * Fields that the contract does not know are dropped.
 */
export function decodeRequest(method: MethodDefinition, bytes: Buffer): unknown {
  try {
    return method.requestType.decode(bytes);
  } catch (thrown) {
    return new Malformed(thrown);
  }
}

/** Encodes a response. */
export function encodeResponse(method: MethodDefinition, response: unknown): Buffer {
  const bytes = method.responseType.encode(response).finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
