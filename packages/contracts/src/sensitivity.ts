import { SENSITIVE_FIELDS } from "./sensitive-fields.gen.ts";

/** Why a field is not for logs, traces and errors. */
export type Sensitivity = "SECRET" | "PERSONAL";

/** The same name for `product_key` and `productKey`. */
const spelling = (name: string): string => name.replaceAll("_", "").toLowerCase();

const BY_NAME = new Map<string, Sensitivity>();
for (const [field, why] of Object.entries(SENSITIVE_FIELDS)) {
  const name = spelling(field.slice(field.lastIndexOf(".") + 1));
  if (BY_NAME.get(name) !== "SECRET") BY_NAME.set(name, why);
}

/**
 * Whether a field of this name is sensitive in any message of the contract, and why: messages lose
 * their types on the way into a log. `SECRET` where messages differ. Spelt as in the contract or as in code.
 */
export function sensitivityOf(name: string): Sensitivity | undefined {
  return BY_NAME.get(spelling(name));
}
