import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { openPostgres, type Postgres } from "@leasehold/store-kit";
import { isProblem, type Uuid } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresFeed } from "../src/store/postgres-feed.ts";
import { postgresResources } from "../src/store/postgres-resources.ts";
import { type BindPorts, bindResource } from "../src/use-cases/bind-resource.ts";
import { importResources } from "../src/use-cases/register-resources.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";
import { licenseFacts } from "./license-facts.ts";

const TRIES = 200;
/** So many tries are under way at a time. */
const AT_ONCE = 20;
const NO_REPLY = new Uint8Array();

let database: ActivationDatabase;
let processes: readonly Postgres[];
let revision = 0n;

beforeAll(async () => {
  database = await activationDatabase();
  processes = Array.from({ length: 2 }, () =>
    openPostgres({
      url: database.url,
      poolSize: 10,
      statementTimeoutMs: 30_000,
      applicationName: "activation-race",
    }),
  );
});
afterAll(async () => {
  for (const postgres of processes) await postgres[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const ports: BindPorts = {
  clock: systemClock,
  // As the terms of the test below say it.
  resourceLimitOf: ({ passedTerms }) => passedTerms[0],
};

const mutation = () => ({
  requestId: newUuid(systemClock, systemRandom),
  method: "BindResource",
  body: NO_REPLY,
  validateOnly: false,
});

/** A customer with a license and two resources, and room for one of them. */
async function contest(of: "license" | "customer", number: number) {
  const customer = `customers/${of}-${number}`;
  const license = `${customer}/licenses/1`;
  const { terms } = licenseFacts(1, 1n);
  const passedTerms = of === "license" ? Buffer.of(1) : Buffer.of(2);
  revision += 1n;
  await postgresFeed(database.postgres, database.watches).apply({
    feedRevision: revision,
    license: {
      ...licenseFacts(1, 1n, { terms: { ...terms, model: "RESOURCE", passedTerms } }),
      license,
    },
    customer: { name: customer, revision: 1n, resources: of === "customer" ? 1 : undefined },
  });
  const facts = ["a", "b"].map((id) => ({ externalId: id, displayName: id, kind: "database" }));
  const ids: Uuid[] = [];
  await postgresResources(database.postgres).once(mutation(), async (writes) => {
    const process = { clock: systemClock, random: systemRandom };
    const registered = await importResources(process, writes, customer, facts);
    ids.push(...registered.map(({ resource }) => resource.id));
    return NO_REPLY;
  });
  return { customer, license, ids };
}

async function race({ customer, license, ids }: Awaited<ReturnType<typeof contest>>) {
  const outcomes = await Promise.allSettled(
    ids.map((id, index) =>
      postgresResources(processes[index]!).once(mutation(), async (writes) => {
        await bindResource(ports, writes, { resource: { customer, id }, license });
        return NO_REPLY;
      }),
    ),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === "fulfilled") return "bound";
    return isProblem(outcome.reason) ? outcome.reason.reason : String(outcome.reason);
  });
}

test.each(["license", "customer"] as const)(
  "of two that bind on connections of their own for the last slot of a %s exactly one does, time and again",
  async (of) => {
    for (let from = 0; from < TRIES; from += AT_ONCE) {
      const contests = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => contest(of, from + index)),
      );
      const results = await Promise.all(contests.map(race));
      for (const result of results) expect(result.toSorted()).toEqual(["RESOURCE_LIMIT", "bound"]);
    }
    const bound = await database.postgres.query({
      text: "select count(*)::int as count from resource where license is not null and customer like $1",
      values: [`customers/${of}-%`],
    });
    expect(bound).toEqual([{ count: TRIES }]);
  },
  120_000,
);
