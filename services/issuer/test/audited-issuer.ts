import { issuer } from "@leasehold/contracts";
import { client, connect } from "@leasehold/rpc-client";
import type { Client } from "@leasehold/rpc-client";
import type { Postgres } from "@leasehold/store-kit";
import type { Caller, IssuerOptions, IssuerUnderTest } from "./issuer-under-test.ts";
import { startIssuer } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";

export type AuditClient = Client<typeof issuer.AuditServiceDefinition>;

/** A running issuer, its audit log as a client sees it, and its database. */
export interface AuditedIssuer extends AsyncDisposable {
  readonly under: IssuerUnderTest;
  readonly audit: AuditClient;
  readonly postgres: Postgres;
}

export async function auditedIssuer(options?: IssuerOptions): Promise<AuditedIssuer> {
  await using opening = new AsyncDisposableStack();
  const { url, postgres } = opening.use(await migratedPostgres());
  const under = opening.use(await startIssuer(url, options));
  const channel = opening.use(connect(under.address));
  const caller: Caller = "admin";
  const audit = client(issuer.AuditServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${caller}` }),
  });
  const open = opening.move();
  return { under, audit, postgres, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** All that an export gives. */
export async function exported(
  audit: AuditClient,
  range: Partial<issuer.ExportAuditEntriesRequest> = {},
): Promise<readonly issuer.AuditEntry[]> {
  const entries: issuer.AuditEntry[] = [];
  for await (const chunk of audit.exportAuditEntries(range)) entries.push(...chunk.auditEntries);
  return entries;
}

/** The verdict on the whole chain. */
export async function verdict(
  audit: AuditClient,
  checkpoint = "",
): Promise<issuer.VerifyAuditResponse> {
  let last: issuer.VerifyAuditResponse | undefined;
  for await (const response of audit.verifyAudit({ checkpoint })) last = response;
  if (!last) throw new Error("no verdict came");
  return last;
}

/** Writes this many entries into the log, as mutations would. */
export async function writeEntries(postgres: Postgres, count: number): Promise<void> {
  const text = `insert into audit_entry (at, subject, method, resource, why, request_id, request_sha256)
    select '2030-01-01Z'::timestamptz + n * interval '1.001 seconds', 'ada@acme', 'AmendLicense',
      'customers/c/licenses/' || n, 'because of n° ' || n, gen_random_uuid(), sha256(int4send(n))
    from generate_series(1, ${count}) n`;
  await postgres.query({ text });
}
