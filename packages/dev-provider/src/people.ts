import { createHash } from "node:crypto";
import type { Account } from "oidc-provider";

/** A person as they tell of themselves. */
export interface PersonFacts {
  readonly email: string;
  /** What they are called; the address unless told. */
  readonly name?: string;
  /** Whether the provider vouches for the address; it does unless told. */
  readonly emailVerified?: boolean;
}

/** Who has signed in. */
export class People {
  readonly #known = new Map<string, PersonFacts>();

  /** Remembers a person. @returns their `sub`, the same for the same address */
  remember(person: PersonFacts): string {
    const subject = createHash("sha256").update(person.email).digest("hex").slice(0, 24);
    this.#known.set(subject, person);
    return subject;
  }

  /** What tokens tell of a person. */
  claims(subject: string): { readonly [claim: string]: string | boolean } | undefined {
    const person = this.#known.get(subject);
    if (!person) return undefined;
    const { email, name = email, emailVerified = true } = person;
    return { email, email_verified: emailVerified, name };
  }

  account(subject: string): Account | undefined {
    const claims = this.claims(subject);
    return claims && { accountId: subject, claims: () => ({ sub: subject, ...claims }) };
  }
}
