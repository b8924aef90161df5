import {
  type Executor,
  first,
  listRows,
  one,
  type Postgres,
  replyOnce,
  run,
  tentatively,
  transaction,
} from "@leasehold/store-kit";
import type { LicensedCustomer, Resource } from "../domain/resource.ts";
import type {
  NewResource,
  Registered,
  ResourceReads,
  ResourceStore,
  ResourceWrites,
} from "../use-cases/resource-ports.ts";
import { entitlementOf } from "./entitlement-rows.ts";
import * as statements from "./resource-statements.ts";
import { lockFeed } from "./statements.ts";

/** Resources in Postgres. */
export function postgresResources(postgres: Postgres): ResourceStore {
  return {
    ...resourceReads(postgres),
    once: ({ validateOnly, ...request }, work) =>
      (validateOnly ? tentatively : transaction)(postgres, (tx) =>
        replyOnce(tx, request, () => work(resourceWrites(tx))),
      ),
  };
}

/** Keeps what the issuer tells of a customer, unless a revision as new is kept. */
export async function keepCustomer(
  executor: Executor,
  { name, revision, resources }: LicensedCustomer,
): Promise<void> {
  await run(executor, statements.keepCustomer, [name, revision, resources ?? null]);
}

/** What is read of resources, wherever. */
export function resourceReads(executor: Executor): ResourceReads {
  return {
    findResource: async ({ customer, id }) => {
      const row = await first(executor, statements.findResource, [customer, id]);
      return row && resourceOf(row);
    },
    findLicensedResource: async ({ customer, id }, now) => {
      const values = [customer, id, new Date(now)] as const;
      const row = await first(executor, statements.findLicensedResource, values);
      return row && resourceOf(row);
    },
    listResources: async (customer, licensedAt, query) => {
      const at = licensedAt === undefined ? null : new Date(licensedAt);
      const page = await listRows(executor, statements.listResources, query, [customer, at]);
      return { items: page.items.map(resourceOf), next: page.next };
    },
    findCustomer: async (name) => {
      const row = await first(executor, statements.findCustomer, [name]);
      return row && { ...row, resources: row.resource_limit ?? undefined };
    },
    findEntitlement: async (license) => {
      const row = await first(executor, statements.findEntitlement, [license]);
      return row && entitlementOf(row);
    },
  };
}

function resourceWrites(tx: Executor): ResourceWrites {
  let head: bigint | undefined;
  return {
    ...resourceReads(tx),
    register: (customer, resources, now) => register(tx, customer, resources, now),
    rename: async ({ customer, id }, displayName, now) => {
      const values = [customer, id, displayName, new Date(now)] as const;
      const row = await first(tx, statements.renameResource, values);
      return row && resourceOf(row);
    },
    lockBindings: async () => {
      head = (await one(tx, lockFeed, [])).revision;
    },
    countBound: async (customer, license) => {
      const bound = await one(tx, statements.countBound, [customer, license]);
      return { ofLicense: Number(bound.of_license), ofCustomer: Number(bound.of_customer) };
    },
    bind: async (id, license, now) => {
      if (head === undefined) throw new Error("binding needs the lock of the bindings");
      head += 1n;
      const values = [id, license ?? null, new Date(now), head] as const;
      const bound = await one(tx, statements.bindResource, values);
      await one(tx, statements.advanceFeedHead, [head]);
      return resourceOf(bound);
    },
    remove: async (id, now) => {
      await run(tx, statements.removeResource, [id, new Date(now)]);
    },
  };
}

async function register(
  tx: Executor,
  customer: string,
  resources: readonly NewResource[],
  now: number,
): Promise<readonly Registered[]> {
  const externalIds = resources.map(({ externalId }) => externalId);
  const entered = await run(tx, statements.registerResources, [
    customer,
    resources.map(({ id }) => id),
    externalIds,
    resources.map(({ displayName }) => displayName),
    resources.map(({ kind }) => kind),
    new Date(now),
  ]);
  const registered = new Set(entered.map(({ external_id }) => external_id));
  const rows = await run(tx, statements.findResourcesByExternalId, [customer, externalIds]);
  return rows.map((row) => ({
    resource: resourceOf(row),
    registered: registered.has(row.external_id),
  }));
}

function resourceOf(row: statements.ResourceRow): Resource {
  return {
    id: row.id,
    customer: row.customer,
    externalId: row.external_id,
    displayName: row.display_name,
    kind: row.kind,
    license: row.license ?? undefined,
    createTime: row.create_time.getTime(),
    updateTime: row.update_time.getTime(),
  };
}
