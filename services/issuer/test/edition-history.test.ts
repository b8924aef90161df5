import { issuer } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEdition, templateTerms, updateEdition } from "./catalogue-under-test.ts";
import type { CatalogueClient } from "./catalogue-under-test.ts";
import {
  createCustomer,
  createStudio,
  LICENSEE,
  requestId,
  startIssuer,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal } from "./refusal.ts";

let database: MigratedPostgres;
let under: IssuerUnderTest;
let catalogue: CatalogueClient;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  catalogue = under.of(issuer.CatalogueServiceDefinition, "admin");
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface HistoryRow {
  readonly revision: bigint;
  readonly subject: string;
  readonly action: string;
  readonly why: string;
  readonly seats: number;
  readonly term_days: number;
}

function historyOf(id: string): Promise<readonly HistoryRow[]> {
  const text = `select revision, subject, action, why,
      (snapshot -> 'terms' ->> 'seats')::integer as seats, (snapshot ->> 'termDays')::integer as term_days
    from edition_revision where edition_id = $1 order by revision`;
  return database.postgres.query<HistoryRow>({ text, values: [id] });
}

test("every revision of an edition is kept, with who made it and why", async () => {
  const { name } = await createEdition(catalogue, {}, "kept");
  await catalogue.updateEdition({
    requestId: requestId(),
    name,
    updateMask: ["terms", "term_days"],
    edition: { terms: templateTerms({ seats: 9 }), termDays: 30 },
    why: "asked for by sales",
  });
  expect(await historyOf("kept")).toEqual([
    { revision: 1n, subject: "admin", action: "CREATE", why: "", seats: 3, term_days: 365 },
    {
      revision: 2n,
      subject: "admin",
      action: "UPDATE",
      why: "asked for by sales",
      seats: 9,
      term_days: 30,
    },
  ]);
});

test("what a license was issued by is found after the edition changed", async () => {
  const edition = await createEdition(catalogue, {}, "changed");
  const { name: parent } = await createCustomer(under.admin);
  const { license } = await under.admin.issueLicense({
    requestId: requestId(),
    parent,
    edition: edition.name,
    license: { product: "products/studio", licensee: LICENSEE },
  });
  await updateEdition(catalogue, edition.name, ["terms"], { terms: templateTerms({ seats: 9 }) });
  const history = await historyOf("changed");
  const issuedBy = history.find(({ revision }) => revision === license!.editionRevision);
  expect(issuedBy?.seats).toBe(license!.terms!.seats);
  expect(history.map(({ seats }) => seats)).toEqual([3, 9]);
});

test("a change that is refused leaves no revision", async () => {
  const { name } = await createEdition(catalogue, {}, "refused");
  const conflicting = updateEdition(catalogue, name, ["term_days"], { termDays: 1 }, 7n);
  expect((await refusal(conflicting)).reason).toBe("REVISION_CONFLICT");
  expect(await historyOf("refused")).toHaveLength(1);
});
