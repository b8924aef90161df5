import type { Check } from "@leasehold/service-kit";

/** One `@`, and neither space nor anything that is not seen on either side of it. */
const EMAIL = /^(?=.{3,254}$)[^\s@\p{C}\ufffd]+@[^\s@\p{C}\ufffd]+$/u;

/** Far more than an address may have: nobody makes the server normalize at length. */
const LENGTH_MAX = 1_000;

/** An email address in NFC, as far as its form goes: whether anybody reads it is not found out. */
export function readEmail(check: Check, field: string, email: string): string {
  const text = email.length > LENGTH_MAX ? email : email.normalize("NFC");
  return check.matching(field, text, EMAIL, "must be local@domain, at most 254 characters");
}
