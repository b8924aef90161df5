import type { Caller } from "../domain/installation-access.ts";
import type { RequestIdentity } from "./ports.ts";

/** A call that changes an installation. */
export interface Mutation {
  /** With who calls in its body: somebody else's request of the same id is another one. */
  readonly request: RequestIdentity;
  readonly caller: Caller;
  /** Who calls, as the log names callers; goes into the history. */
  readonly subject: string;
  /** Why, in the caller's words; may be empty. */
  readonly why: string;
  /** Only whether it could be carried out is asked: nothing is kept of it. */
  readonly validateOnly: boolean;
}
