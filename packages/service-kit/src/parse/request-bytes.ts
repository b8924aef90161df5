import type { Check } from "./check.ts";

/** Encodes a request; what the generator makes of its message. */
interface Encoder<Request> {
  encode(request: Request): { finish(): Uint8Array };
}

/**
 * The bytes of a decoded request, by which a repeated one is known again. A request may hold, also
 * in fields that nobody reads, what can be decoded and not be encoded: a time beyond all times.
 */
export function requestBytes<Request>(
  check: Check,
  type: Encoder<Request>,
  request: Request,
): Uint8Array {
  try {
    return type.encode(request).finish();
  } catch {
    check.violation("", "must hold no time beyond the years 1 to 9999");
    return new Uint8Array();
  }
}
