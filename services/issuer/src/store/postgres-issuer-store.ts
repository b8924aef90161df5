import { replyOnce, tentatively, transaction } from "@leasehold/store-kit";
import type { Executor, Postgres } from "@leasehold/store-kit";
import type { Deed, Mutation, Once } from "../use-cases/mutation.ts";
import type { IssuerStore, IssuerWrites } from "../use-cases/ports.ts";
import { decodePlainData, encodePlainData } from "./plain-data.ts";
import { catalogueReads, catalogueWrites } from "./postgres-catalogue.ts";
import { customerReads, customerWrites } from "./postgres-customers.ts";
import { editionReads, editionWrites } from "./postgres-editions.ts";
import { licenseReads, licenseWrites } from "./postgres-licenses.ts";
import { productKeyReads, productKeyWrites } from "./postgres-product-keys.ts";

/** What the issuer keeps, in Postgres. */
export function postgresIssuerStore(postgres: Postgres): IssuerStore {
  return {
    ...catalogueReads(postgres),
    ...customerReads(postgres),
    ...editionReads(postgres),
    ...licenseReads(postgres),
    ...productKeyReads(postgres),
    once: (mutation, work) => once(postgres, mutation, (tx) => work(writesOf(tx))),
  };
}

function writesOf(tx: Executor): IssuerWrites {
  return {
    ...catalogueWrites(tx),
    ...customerWrites(tx),
    ...editionWrites(tx),
    ...licenseWrites(tx),
    ...productKeyWrites(tx),
  };
}

async function once<Result>(
  postgres: Postgres,
  mutation: Mutation,
  work: (tx: Executor) => Promise<Deed<Result>>,
): Promise<Once<Result>> {
  const run = mutation.validateOnly ? tentatively : transaction;
  const { kind, reply } = await run(postgres, (tx) =>
    replyOnce(tx, mutation, async () => Buffer.from(encodePlainData(await work(tx)), "utf8")),
  );
  const deed = decodePlainData(reply.toString("utf8")) as Deed<Result>;
  if (mutation.validateOnly) return { kind: "validated", ...deed };
  return { kind: kind === "repeated" ? "repeated" : "done", ...deed };
}
