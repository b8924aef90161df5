import { issuer, LicenseModel } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import type { Client } from "@leasehold/rpc-client";
import type { LoneIssuer } from "./lone-issuer.ts";

const DAY_MS = 86_400_000;
const PRODUCT = "products/studio";
/** Rows of one statement: what it takes beside the table stays small. */
const BATCH = 100_000;

/** What every measurement sells and looks up. */
export interface Stock {
  readonly admin: Client<typeof issuer.IssuerServiceDefinition>;
  readonly customer: string;
  /** The first license, of which the others are copies. */
  readonly license: string;
}

const LICENSEE = { name: "Ada Lovelace", organization: "Analytical Engines Ltd" };

/** A customer, a product and one license. */
export async function openStock(bench: LoneIssuer): Promise<Stock> {
  const admin = bench.client(issuer.IssuerServiceDefinition, "administrator");
  const { customer } = await admin.createCustomer({
    requestId: requestId(),
    customer: { displayName: LICENSEE.organization, referenceId: "bench" },
  });
  const features = ["dataflow", "workflow", "diagrams"];
  await admin.createProduct({
    requestId: requestId(),
    productId: PRODUCT.slice("products/".length),
    product: {
      displayName: "Studio",
      features: features.map((code) => ({ code, displayName: code })),
      salesContact: "sales@example.com",
    },
  });
  const name = customer?.name ?? "";
  return { admin, customer: name, license: await issue(admin, name) };
}

/** Issues a license. @returns its name */
export async function issue(admin: Stock["admin"], parent: string): Promise<string> {
  const now = systemClock.now();
  const { license } = await admin.issueLicense({
    requestId: requestId(),
    parent,
    license: {
      product: PRODUCT,
      licensee: LICENSEE,
      terms: {
        model: LicenseModel.FLOATING,
        seats: 10,
        features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 12n }],
        startTime: new Date(now - DAY_MS),
        endTime: new Date(now + 365 * DAY_MS),
      },
    },
  });
  return license?.name ?? "";
}

/** Whether a key unlocks: a look-up as activation makes it. */
export async function unlock(
  service: Client<typeof issuer.IssuerServiceDefinition>,
  productKey: string,
): Promise<boolean> {
  const request = { productKey, licensee: LICENSEE, product: PRODUCT };
  return (await service.verifyProductKey(request)).license !== undefined;
}

/** Puts keys of a license into the table that nobody has: random MACs. */
export async function addKeys({ postgres }: LoneIssuer, license: string, count: number) {
  await inBatches(count, async (batch) => {
    await postgres.query({
      text: `
        insert into product_key (id, license_id, pepper_version, mac, hint, create_time)
        select
          gen_random_uuid(), $1::uuid, (select pepper_version from product_key limit 1),
          decode(md5(random()::text) || md5(random()::text), 'hex'), '2BENC',
          date_trunc('milliseconds', now() + n * interval '1 millisecond')
        from generate_series(1, $2::integer) n`,
      values: [idOf(license), batch],
    });
  });
  await postgres.query({ text: "analyze product_key" });
}

/** Copies a license, with its features, its history and its place in the feed. */
export async function addLicenses({ postgres }: LoneIssuer, license: string, count: number) {
  await inBatches(count, async (batch) => {
    await postgres.query({ text: COPY_LICENSE, values: [idOf(license), batch] });
  });
  await postgres.query({ text: "analyze" });
}

/** Whatever columns the tables have. */
const COPY_LICENSE = `
  with fresh as (
    select n, gen_random_uuid() as id from generate_series(1, $2::integer) n
  ),
  licenses as (
    insert into license
    select copy.*
    from fresh, license l, jsonb_populate_record(l, jsonb_build_object('id', fresh.id)) copy
    where l.id = $1::uuid
  ),
  revisions as (
    insert into license_revision
    select copy.*
    from fresh, license_revision r,
      jsonb_populate_record(r, jsonb_build_object('license_id', fresh.id)) copy
    where r.license_id = $1::uuid
  ),
  features as (
    insert into license_feature
    select copy.*
    from fresh, license_feature f,
      jsonb_populate_record(f, jsonb_build_object('license_id', fresh.id)) copy
    where f.license_id = $1::uuid
  ),
  head as (
    update feed_head set revision = revision + $2::integer returning revision - $2::integer as base
  )
  insert into license_feed (license_id, feed_revision)
  select fresh.id, head.base + fresh.n from fresh, head`;

async function inBatches(count: number, add: (batch: number) => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left -= BATCH) await add(Math.min(left, BATCH));
}

function idOf(name: string): string {
  return name.split("/").at(-1) ?? "";
}

export function requestId(): string {
  return newUuid(systemClock, systemRandom);
}
