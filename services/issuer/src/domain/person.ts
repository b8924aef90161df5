import type { Identity } from "./account.ts";

/** A person who signed in, as their provider tells of them. */
export interface Person extends Identity {
  /** `undefined` if the provider does not tell. */
  readonly email: string | undefined;
  /** Whether the provider vouches for the email address. */
  readonly emailVerified: boolean;
  /** `undefined` if the provider does not tell. */
  readonly displayName: string | undefined;
}

/** Whether the provider vouches that mail to an address reaches the person. */
export function isReachedAt(person: Person, email: string): boolean {
  return (
    person.emailVerified && person.email !== undefined && folded(person.email) === folded(email)
  );
}

/** Mail knows addresses that differ in case only; nobody has two of them. */
function folded(email: string): string {
  return email.normalize("NFC").toLowerCase();
}
