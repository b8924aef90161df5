import type { Person } from "../domain/person.ts";
import type { IssuerPorts } from "./ports.ts";

/** With whom people may sign in, as they are told. */
export interface SignInOption {
  readonly issuer: string;
  readonly audience: string;
  /** Absent if command lines cannot sign in there. */
  readonly clientId: string | undefined;
}

/** What people need who come in by themselves. */
export interface RegistrationPorts extends IssuerPorts {
  readonly signInOptions: readonly SignInOption[];
  /** Whether people may create customers. */
  readonly selfRegistration: boolean;
  /** The person of an access token. @throws Problem `UNAUTHENTICATED`, `DEPENDENCY_UNAVAILABLE` */
  readonly verifyPerson: (accessToken: string) => Promise<Person>;
}
