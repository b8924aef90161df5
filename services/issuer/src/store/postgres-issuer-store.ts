import type { Clock } from "@leasehold/kernel";
import { replyOnce, tentatively, transaction } from "@leasehold/store-kit";
import type { Executor, Postgres } from "@leasehold/store-kit";
import type { Deed, Mutation, Once } from "../use-cases/mutation.ts";
import type { IssuerStore, IssuerWrites } from "../use-cases/ports.ts";
import { decodePlainData, encodePlainData } from "./plain-data.ts";
import { appendAuditEntry, auditReads } from "./postgres-audit.ts";
import { accountReads, accountWrites } from "./postgres-accounts.ts";
import { administratorReads, administratorWrites } from "./postgres-administrators.ts";
import { catalogueReads, catalogueWrites } from "./postgres-catalogue.ts";
import { customerReads, customerWrites } from "./postgres-customers.ts";
import { editionReads, editionWrites } from "./postgres-editions.ts";
import { joiningReads, joiningWrites } from "./postgres-joining.ts";
import { licenseReads, licenseWrites } from "./postgres-licenses.ts";
import { productKeyReads, productKeyUpkeep, productKeyWrites } from "./postgres-product-keys.ts";
import { revocationReads, revocationWrites } from "./postgres-revocations.ts";
import { signingReads, signingWrites } from "./postgres-signing.ts";

/** What the issuer keeps, in Postgres. */
export function postgresIssuerStore(postgres: Postgres, clock: Pick<Clock, "now">): IssuerStore {
  return {
    ...auditReads(postgres),
    ...accountReads(postgres),
    ...administratorReads(postgres),
    ...catalogueReads(postgres),
    ...customerReads(postgres),
    ...editionReads(postgres),
    ...joiningReads(postgres),
    ...licenseReads(postgres),
    ...productKeyReads(postgres),
    ...revocationReads(postgres),
    ...signingReads(postgres),
    ...productKeyUpkeep(postgres),
    once: (mutation, work) => once(postgres, clock, mutation, (tx) => work(writesOf(tx))),
  };
}

function writesOf(tx: Executor): IssuerWrites {
  return {
    ...accountWrites(tx),
    ...administratorWrites(tx),
    ...catalogueWrites(tx),
    ...customerWrites(tx),
    ...editionWrites(tx),
    ...joiningWrites(tx),
    ...licenseWrites(tx),
    ...productKeyWrites(tx),
    ...revocationWrites(tx),
    ...signingWrites(tx),
  };
}

async function once<Result>(
  postgres: Postgres,
  clock: Pick<Clock, "now">,
  mutation: Mutation,
  work: (tx: Executor) => Promise<Deed<Result>>,
): Promise<Once<Result>> {
  const run = mutation.validateOnly ? tentatively : transaction;
  const { kind, deed } = await run(postgres, async (tx) => {
    const reply = await replyOnce(tx, mutation, async () =>
      Buffer.from(encodePlainData(await work(tx)), "utf8"),
    );
    const done = decodePlainData(reply.reply.toString("utf8")) as Deed<Result>;
    // Last, for every other mutation waits from here to the commit.
    if (reply.kind === "carried-out") {
      await appendAuditEntry(tx, mutation, done.resource, clock.now());
    }
    return { kind: reply.kind, deed: done };
  });
  if (mutation.validateOnly) return { kind: "validated", ...deed };
  return { kind: kind === "repeated" ? "repeated" : "done", ...deed };
}
