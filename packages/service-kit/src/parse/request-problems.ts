import { type FieldViolation, Problem } from "@leasehold/kernel";

/** Fields of a request break their rules; all of them are told. */
export function invalidRequest(violations: readonly FieldViolation[]): Problem {
  return new Problem("INVALID_REQUEST", { message: "the request is not valid", violations });
}
