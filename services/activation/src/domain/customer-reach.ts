import { parseName } from "@leasehold/kernel";
import { licenseNotFound, mayOnlyLook } from "./named-user-problems.ts";

/** Who asks about a customer's license: the licensing desk, or an account that acts for customers. */
export type LicenseCaller =
  | { readonly kind: "desk"; readonly subject: string }
  | {
      readonly kind: "account";
      readonly subject: string;
      /** Its role at each customer, `customers/{customer}`. */
      readonly roles: ReadonlyMap<string, "ADMINISTRATOR" | "USER">;
    };

/**
 * Makes sure that somebody may see, or change, what belongs to a license.
 * @param license `customers/{customer}/licenses/{license}`
 * @throws Problem NOT_FOUND to whom it is foreign, as if there were none; PERMISSION_DENIED to a user
 *   of the customer who would change something
 */
export function ensureReach(
  caller: LicenseCaller,
  license: string,
  intent: "look" | "change",
): void {
  if (caller.kind === "desk") return;
  const customer = parseName("customers/{customer}/licenses/{license}", license)?.customer;
  const role = customer === undefined ? undefined : caller.roles.get(`customers/${customer}`);
  if (role === undefined) throw licenseNotFound();
  if (intent === "change" && role !== "ADMINISTRATOR") throw mayOnlyLook();
}
