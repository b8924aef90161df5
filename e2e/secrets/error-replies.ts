import { Problem } from "@leasehold/kernel";

/** Calls that are meant to fail, and all that they were answered with. */
export class ErrorReplies {
  /** Each reply: text, reason, details, and what the transport handed over with it. */
  readonly texts: string[] = [];
  readonly reasons = new Set<string>();

  /** Awaits calls that must be refused. */
  async expectRefusals(...calls: readonly Promise<unknown>[]): Promise<void> {
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === "fulfilled") throw new Error("a call succeeded that must not");
      this.note(outcome.reason);
    }
  }

  /** Awaits calls of which nobody knows what becomes. */
  async tolerate(...calls: readonly Promise<unknown>[]): Promise<void> {
    for (const outcome of await Promise.allSettled(calls))
      if (outcome.status === "rejected") this.note(outcome.reason);
  }

  note(thrown: unknown): void {
    if (!(thrown instanceof Problem)) throw thrown;
    const { message, reason, metadata, violations, cause } = thrown;
    const { details, metadata: trailers } = (cause ?? {}) as {
      readonly details?: string;
      readonly metadata?: { toJSON(): unknown };
    };
    this.reasons.add(reason);
    this.texts.push(
      JSON.stringify({ message, metadata, violations, details, trailers: trailers?.toJSON() }),
      ...binaryTrailers(trailers),
    );
  }
}

/** As the bytes are, each a character: what stands in them as text is found. */
function binaryTrailers(trailers: { toJSON(): unknown } | undefined): readonly string[] {
  const values = Object.values((trailers?.toJSON() ?? {}) as Record<string, readonly unknown[]>);
  return values
    .flat()
    .filter((value): value is Buffer => Buffer.isBuffer(value))
    .map((value) => value.toString("latin1"));
}
