import type { Check } from "@leasehold/service-kit";

/** One `@`, and neither space nor anything that is not seen on either side of it. */
const EMAIL = /^(?=.{3,254}$)[^\s@\p{C}\ufffd]+@[^\s@\p{C}\ufffd]+$/u;

/** An email address, as far as its form goes: whether anybody reads it is not found out. */
export function readEmail(check: Check, field: string, email: string): string {
  return check.matching(field, email, EMAIL, "must be local@domain, at most 254 characters");
}
