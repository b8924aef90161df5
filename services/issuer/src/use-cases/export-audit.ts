import type { AuditEntry } from "@leasehold/license-format";
import type { AuditReads } from "./audit-ports.ts";

/** Which entries to export. */
export interface ExportAudit {
  readonly from: bigint;
  /** The last one; absent for the last one of now. */
  readonly to?: bigint;
}

/** How many entries are read, and sent, at a time: even the longest fit into a message. */
const CHUNK_SIZE = 200;
/** The largest number there can be: a log that lost its head is exported as far as it goes. */
const BEYOND_ALL = 2n ** 63n - 1n;

/** Audit entries in their order, in chunks. Reads no further than its consumer takes. */
export async function* exportAudit(
  { store }: { readonly store: AuditReads },
  { from, to }: ExportAudit,
): AsyncGenerator<readonly AuditEntry[], void, undefined> {
  let page = await store.readAudit(from, CHUNK_SIZE);
  const until = to ?? page.head?.sequence ?? BEYOND_ALL;
  while (true) {
    const chunk = page.entries.filter(({ sequence }) => sequence <= until);
    if (chunk.length > 0) yield chunk;
    const last = chunk.at(-1);
    if (!last || chunk.length < CHUNK_SIZE || last.sequence === until) return;
    page = await store.readAudit(last.sequence + 1n, CHUNK_SIZE);
  }
}
