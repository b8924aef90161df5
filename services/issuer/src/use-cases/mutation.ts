import type { Uuid } from "@leasehold/kernel";
import type { Caller } from "../domain/caller.ts";

/** A call that changes something, as far as repeating it goes. */
export interface Mutation {
  readonly requestId: Uuid;
  /** For example `IssueLicense`. */
  readonly method: string;
  /** The request as it came, and which person sent it; the same id with another body is refused. */
  readonly body: Uint8Array;
  /** Who calls; goes into the history and into the audit log. */
  readonly subject: string;
  /** Likewise, as far as it decides what they may. */
  readonly caller: Caller;
  /** Why, in the caller's words; may be empty. */
  readonly why: string;
  /** Only whether it could be carried out is asked: nothing is kept of it. */
  readonly validateOnly: boolean;
}

/** What the work of a mutation did. */
export interface Deed<Result> {
  /** Plain data, bigints included, without any secret: it is kept for 72 hours. */
  readonly result: Result;
  /** The name of what was changed, for the audit log. */
  readonly resource: string;
}

/** What came of a mutation: carried out now, found carried out before, or only tried. */
export interface Once<Result> extends Deed<Result> {
  readonly kind: "done" | "repeated" | "validated";
}
