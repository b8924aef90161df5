import type { issuer } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditedIssuer, exported } from "./audited-issuer.ts";
import type { AuditedIssuer } from "./audited-issuer.ts";
import { refusedFields } from "./refusal.ts";

const REQUEST = "0190a000-0000-7000-8000-000000000003";

let issuing: AuditedIssuer;
let all: readonly issuer.AuditEntry[];

/** Of entries 1 to 6: who did what to which resource. */
const ENTRIES = [
  ["ada", "CreateCustomer", "customers/a"],
  ["ada", "IssueLicense", "customers/a/licenses/1"],
  ["bob", "IssueLicense", "customers/b/licenses/2"],
  ["bob", "SuspendLicense", "customers/a/licenses/1"],
  ["ada", "CreateProduct", "products/studio"],
  ["Adam", "IssueLicense", "customers/a/licenses/3"],
] as const;

beforeAll(async () => {
  issuing = await auditedIssuer();
  for (const [index, [subject, method, resource]] of ENTRIES.entries()) {
    const text = `insert into audit_entry (at, subject, method, resource, why, request_id, request_sha256)
      values ('2030-01-0${index + 1}Z', '${subject}', '${method}', '${resource}', '',
        '0190a000-0000-7000-8000-00000000000${index + 1}', sha256('x'))`;
    await issuing.postgres.query({ text });
  }
  all = await exported(issuing.audit);
});
afterAll(() => issuing[Symbol.asyncDispose]());

async function listed(filter: string, orderBy = "sequence"): Promise<readonly number[]> {
  const { auditEntries } = await issuing.audit.listAuditEntries({ filter, orderBy });
  return auditEntries.map(({ sequence }) => Number(sequence));
}

test.each<[string, readonly number[]]>([
  ["", [1, 2, 3, 4, 5, 6]],
  ["subject = ada", [1, 2, 5]],
  ["subject : ada", [1, 2, 5, 6]],
  ["method = IssueLicense", [2, 3, 6]],
  ["method != IssueLicense AND subject = bob", [4]],
  ['resource = "customers/a/licenses/1"', [2, 4]],
  ['resource = "customers/a/*"', [2, 4, 6]],
  [`request_id = ${REQUEST}`, [3]],
  ["time >= 2030-01-03T00:00:00Z AND time < 2030-01-05T00:00:00Z", [3, 4]],
])("the filter %j finds its entries", async (filter, sequences) => {
  expect(await listed(filter)).toEqual(sequences);
});

test("the newest entry comes first, unless another order is asked for", async () => {
  expect(await listed("", "")).toEqual([6, 5, 4, 3, 2, 1]);
  expect(await listed("subject = bob", "sequence desc")).toEqual([4, 3]);
});

test("pages follow each other, and have entries as an export has them", async () => {
  const pages: issuer.AuditEntry[][] = [];
  let pageToken = "";
  do {
    const page = await issuing.audit.listAuditEntries({ pageSize: 4, pageToken });
    pages.push(page.auditEntries);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(pages.map(({ length }) => length)).toEqual([4, 2]);
  expect(pages.flat().toReversed()).toEqual(all);
});

test("a page token of another filter is refused", async () => {
  const { nextPageToken: pageToken } = await issuing.audit.listAuditEntries({ pageSize: 1 });
  const other = issuing.audit.listAuditEntries({ pageToken, filter: "subject = ada" });
  expect(await refusedFields(other)).toEqual(["page_token"]);
});

test.each<[string, Partial<issuer.ListAuditEntriesRequest>, readonly string[]]>([
  ["a negative page", { pageSize: -1 }, ["page_size"]],
  ["a token that is none", { pageToken: "x" }, ["page_token"]],
  ["a field that is not filtered", { filter: "why = x" }, ["filter"]],
  ["a request that is no UUID", { filter: "request_id = x" }, ["filter"]],
  ["a time that is none", { filter: "time > yesterday" }, ["filter"]],
  ["an order of its own", { orderBy: "time" }, ["order_by"]],
])("a list with %s is refused", async (_, request, fields) => {
  expect(await refusedFields(issuing.audit.listAuditEntries(request))).toEqual(fields);
});
