import type { Position } from "@leasehold/list-query";
import { testPostgres } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listRows, listStatement, openPostgres, type Postgres } from "../src/index.ts";
import { listThings, THING_TABLE, type Thing, type ThingField, thingQuery } from "./sample-list.ts";

const ROWS = 100_000;
const PAGE = 500;
/** How many rows come, and how many go, while one page is read. */
const CHURN = 40;

const listAll = listStatement<Thing, readonly [], ThingField>(
  new URL("fixtures/list_all_things.sql", import.meta.url),
  listThings,
);

/** So many rows with values drawn by lot, of which many are the same. @param shelf `kept` or `passing` */
const INSERT = `
  insert into thing
  select gen_random_uuid(), $1, (array['a', 'B', 'é', 'zz', ''])[1 + floor(random() * 5)] || floor(random() * 300),
    'active', floor(random() * 1000), '2026-01-01'::timestamptz + floor(random() * 20000) * interval '1 s',
    case when random() < 0.7 then '2027-01-01'::timestamptz + floor(random() * 300) * interval '1 day' end, false, null
  from generate_series(1, $2::int)`;

const INDEXES = [
  "create index thing_create_time on thing (create_time, id)",
  "create index thing_label on thing (label, id)",
  "create index thing_seats on thing (seats)",
  "create index thing_end_time on thing (end_time)",
  "create index thing_passing on thing (id) where shelf = 'passing'",
];

let stack: AsyncDisposableStack;
let postgres: Postgres;
const query = <Row>(text: string, values: unknown[] = []) => postgres.query<Row>({ text, values });

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  postgres = stack.use(
    openPostgres({ url, poolSize: 4, statementTimeoutMs: 50_000, applicationName: "paging" }),
  );
  await query(THING_TABLE);
  await query(INSERT, ["kept", ROWS * 0.8]);
  await query(INSERT, ["passing", ROWS * 0.2]);
  for (const index of INDEXES) await query(index);
  await query("vacuum analyze thing");
});
afterAll(() => stack.disposeAsync());

/** Some rows come and some go, anywhere in the order; those that are kept stay. */
async function churn(): Promise<void> {
  await query(INSERT, ["passing", CHURN]);
  await query(
    `delete from thing where id in (
      (select id from thing where shelf = 'passing' and id > gen_random_uuid() order by id limit $1::int))`,
    [CHURN],
  );
}

test.each([
  ["create_time desc", "create_time desc, id desc"],
  ["display_name", "display_name, id"],
  ["seats desc,display_name", "seats desc, display_name, id"],
  ["end_time,create_time desc", "end_time, create_time desc, id desc"],
  ["end_time desc", "end_time desc, id desc"],
])(
  "ordered by %s, every row that is there throughout comes exactly once, in its place",
  async (orderBy, sqlOrder) => {
    const asked = thingQuery({ orderBy, pageSize: PAGE });
    const seen: string[] = [];
    let after: Position | undefined;
    do {
      const [page] = await Promise.all([
        listRows(postgres, listAll, { ...asked, after }, []),
        churn(),
      ]);
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);

    const kept = await query<{ readonly id: string }>(
      `select id, label as display_name from thing where shelf = 'kept' order by ${sqlOrder}`,
    );
    const known = new Set(kept.map(({ id }) => id));
    expect(known.size).toBe(ROWS * 0.8);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => known.has(id))).toEqual(kept.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(known.size);
  },
  120_000,
);
