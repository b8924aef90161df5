import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { Caller } from "../domain/caller.ts";
import type { Register } from "../use-cases/register.ts";
import { DISPLAY_TEXT } from "./parse-catalogue.ts";
import { readEmail } from "./read-email.ts";

const LONGEST_TOKEN = 8_192;

/** What to register, with what the person's provider tells where the request does not. */
export function readRegister(
  check: Check,
  { displayName, customerDisplayName }: issuer.RegisterRequest,
  caller: Caller,
): Register {
  const wanted = {
    customerDisplayName:
      customerDisplayName === ""
        ? undefined
        : check.text("customer_display_name", customerDisplayName, DISPLAY_TEXT),
  };
  // Whoever has an account keeps what it says.
  if (caller.kind !== "person") return { ...wanted, displayName, email: undefined };
  const { person } = caller;
  const name = displayName === "" ? (person.displayName ?? person.email ?? "") : displayName;
  return {
    ...wanted,
    displayName: check.text("display_name", name, DISPLAY_TEXT),
    email: person.email === undefined ? undefined : readEmail(check, "email", person.email),
  };
}

/** The token of the identity to link. */
export function readLinkMyIdentity(
  check: Check,
  { accessToken }: issuer.LinkMyIdentityRequest,
): string {
  if (accessToken === "" || accessToken.length > LONGEST_TOKEN)
    check.violation("access_token", `must be 1 to ${LONGEST_TOKEN} characters`);
  return accessToken;
}
