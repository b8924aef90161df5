import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { transaction } from "@leasehold/store-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";

/** What holds whoever writes to the database. */
let database: MigratedPostgres;
beforeEach(async () => {
  database = await migratedPostgres();
});
afterEach(() => database[Symbol.asyncDispose]());

async function execute(...statements: readonly string[]): Promise<void> {
  const text = `do $$ begin ${statements.map((each) => `${each};`).join(" ")} end $$`;
  await database.postgres.query({ text });
}

async function owner(): Promise<string> {
  const id = newUuid(systemClock, systemRandom);
  await execute(
    `insert into account values ('${id}', 'Ada', 'ada@acme.example', now())`,
    `insert into account_identity values ('https://id.example', 's-${id}', '${id}', 0, now())`,
    `insert into administrator_role values ('${id}', 'OWNER', 'ada', date_trunc('milliseconds', now()))`,
  );
  return id;
}

const take = (id: string) => `delete from administrator_role where account_id = '${id}'`;

test("the last owner cannot be taken away, nor become something else", async () => {
  const id = await owner();
  await expect(execute(take(id))).rejects.toThrow("a deployment keeps an owner");
  await expect(execute("update administrator_role set role = 'SUPPORT'")).rejects.toThrow(
    "a deployment keeps an owner",
  );
  await expect(execute("truncate administrator_role")).rejects.toThrow("is not emptied");
  await execute(take(await owner()));
});

test("of two transactions that take each other's owner, one is refused", async () => {
  for (let round = 0; round < 20; round += 1) {
    const [ada, eve] = [await owner(), await owner()];
    await execute(`delete from administrator_role where account_id not in ('${ada}', '${eve}')`);
    const taken = await Promise.allSettled(
      [ada, eve].map((id) => transaction(database.postgres, (tx) => tx.query({ text: take(id) }))),
    );
    expect(taken.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  }
});

test("a role that there is not cannot be granted", async () => {
  const id = await owner();
  const grant = `insert into administrator_role values ('${id}', 'EMPEROR', 'ada', date_trunc('milliseconds', now()))`;
  await expect(execute(grant)).rejects.toThrow("administrator_role_role_check");
});

const TOKEN = `decode(repeat('00', 32), 'hex')`;

test.each([
  ["update bootstrap_token set first_seen_time = now() + interval '1 hour'", "lives no longer"],
  ["update bootstrap_token set latest_time = latest_time - interval '1 hour'", "lives no longer"],
  ["delete from bootstrap_token", "is not forgotten"],
  ["truncate bootstrap_token", "is not emptied"],
])("a bootstrap token lives no longer by `%s`", async (change, fault) => {
  await execute(
    `insert into bootstrap_token values (${TOKEN}, now(), now() + interval '2 hours')`,
    "update bootstrap_token set latest_time = latest_time + interval '1 hour'",
  );
  await expect(execute(change)).rejects.toThrow(fault);
});
