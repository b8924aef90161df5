import type { Position } from "@leasehold/list-query";
import { testPostgres } from "@leasehold/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  listPreparationFaults,
  listRows,
  listStatement,
  openPostgres,
  type Postgres,
} from "../src/index.ts";
import {
  insertThings,
  listThings,
  type Thing,
  thing,
  THING_ROW,
  THING_TABLE,
  type ThingField,
  thingQuery,
  THINGS,
} from "./sample-list.ts";

let stack: AsyncDisposableStack;
let postgres: Postgres;
let shelves = 0;
const newShelf = () => `shelf ${++shelves}`;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  postgres = stack.use(
    openPostgres({ url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: "lists" }),
  );
  await postgres.query({ text: THING_TABLE });
  await postgres.query({ text: THING_ROW });
  await insertThings(postgres, "examples", EXAMPLES);
});
afterAll(() => stack.disposeAsync());

type Asked = Parameters<typeof thingQuery>[0];

/** The things of every page, page by page. */
async function pagesOf(shelf: string, asked: Asked): Promise<readonly (readonly Thing[])[]> {
  const pages: (readonly Thing[])[] = [];
  let after: Position | undefined;
  do {
    const page = await listRows(postgres, listThings, { ...thingQuery(asked), after }, [shelf]);
    pages.push(page.items);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

const namesOf = async (shelf: string, filter: string) => {
  const pages = await pagesOf(shelf, { filter, orderBy: "display_name" });
  return pages.flat().map(({ display_name }) => display_name);
};

test("an empty list is one empty page, and a list that just fits is one page", async () => {
  const shelf = newShelf();
  expect(await pagesOf(shelf, {})).toEqual([[]]);
  await insertThings(postgres, shelf, [thing(), thing()]);
  expect((await pagesOf(shelf, { pageSize: 2 })).map(({ length }) => length)).toEqual([2]);
  expect((await pagesOf(shelf, { pageSize: 1 })).map(({ length }) => length)).toEqual([1, 1]);
});

test("a list shows the rows of its parent only, however the base select ends", async () => {
  const [one, other] = [newShelf(), newShelf()];
  await insertThings(postgres, one, [thing({ display_name: "mine" })]);
  await insertThings(postgres, other, [thing({ display_name: "other" })]);
  expect(await namesOf(one, "seats = 3")).toEqual(["mine"]);
});

const at = (text: string) => new Date(text);
const EXAMPLES: readonly Thing[] = [
  thing({ display_name: "Acme", seats: 1, end_time: at("2026-06-01T00:00:00Z"), trial: true }),
  thing({ display_name: "acme two", seats: 2, state: "closed", note: "old" }),
  thing({
    display_name: "100%_\\",
    seats: 2_147_483_647,
    create_time: at("2026-02-01T00:00:00.001Z"),
  }),
  thing({ display_name: "Zoë", seats: -1 }),
];

test.each([
  ["", ["100%_\\", "Acme", "acme two", "Zoë"]],
  ["display_name = Acme", ["Acme"]],
  ["display_name != Acme", ["100%_\\", "acme two", "Zoë"]],
  ["display_name : ACME", ["Acme", "acme two"]],
  ["display_name : ZOË", ["Zoë"]],
  ["display_name : %", ["100%_\\"]],
  ["display_name : _", ["100%_\\"]],
  [String.raw`display_name : "\\"`, ["100%_\\"]],
  ['display_name = "Ac*"', ["Acme"]],
  ['display_name != "Ac*"', ["100%_\\", "acme two", "Zoë"]],
  [String.raw`display_name = "100%_\\*"`, ["100%_\\"]],
  ["display_name = %*", []],
  ["state = CLOSED", ["acme two"]],
  ["seats <= 1", ["Acme", "Zoë"]],
  ["seats > 9223372036854775806", []],
  ["seats < 9223372036854775807 AND seats > 2", ["100%_\\"]],
  ["create_time > 2026-02-01T00:00:00Z", ["100%_\\"]],
  ["create_time = 2026-02-01T01:00:00.001+01:00", ["100%_\\"]],
  [
    "create_time >= 0001-01-01T00:00:00Z AND create_time <= 9999-12-31T23:59:59.999Z AND seats = 1",
    ["Acme"],
  ],
  ["end_time != 2026-06-01T00:00:00Z", ["100%_\\", "acme two", "Zoë"]],
  ["end_time < 2027-01-01T00:00:00Z", ["Acme"]],
  ["note = old", ["acme two"]],
  ["note = o*", ["acme two"]],
  ["note = *", ["acme two"]],
  ["note != o*", ["100%_\\", "Acme", "Zoë"]],
  ["note : x", []],
  ["trial = true", ["Acme"]],
  ["trial != true AND seats < 5", ["acme two", "Zoë"]],
  [`id = ${EXAMPLES[3]!.id}`, ["Zoë"]],
  [`id != ${EXAMPLES[3]!.id} AND seats < 5`, ["Acme", "acme two"]],
])("the filter %j finds what it says", async (filter, names) => {
  expect((await namesOf("examples", filter)).toSorted()).toEqual(names.toSorted());
});

const HOSTILE = [
  "' or true --",
  "'; drop table thing; --",
  "$1",
  "$2::text",
  "\\'; select pg_sleep(60); --",
  "%' or '1' = '1",
  "/* list */",
  "E'\\x41'",
  ") or (true",
  "\u02bc or 1=1",
];

test.each(HOSTILE)("%j is a value like any other", async (hostile) => {
  const shelf = newShelf();
  await insertThings(postgres, shelf, [thing({ display_name: hostile }), thing()]);
  const quoted = `"${hostile.replaceAll(/["\\*]/g, "\\$&")}"`;
  expect(await namesOf(shelf, `display_name = ${quoted}`)).toEqual([hostile]);
  expect(await namesOf(shelf, `display_name : ${quoted}`)).toEqual([hostile]);
  expect(await namesOf(shelf, `display_name = ${quoted.slice(0, -1)}*"`)).toEqual([hostile]);
  expect(await namesOf(shelf, `display_name != ${quoted}`)).toEqual(["thing"]);
});

test("nothing of a request is text of the statement", async () => {
  const texts: string[] = [];
  const executor = {
    query: <Row>({ text, values }: { text: string; values?: unknown[] }) => {
      texts.push(text);
      expect(values).toContain("shelf");
      return Promise.resolve([] as readonly Row[]);
    },
  };
  const literal = fc.string({ minLength: 1 }).map((text) => `canary${text.replaceAll("\0", "")}`);
  await fc.assert(
    fc.asyncProperty(literal, fc.constantFrom("=", "!=", "<", ":"), async (text, operator) => {
      const quoted = `"${text.replaceAll(/["\\*]/g, "\\$&")}"`;
      const query = thingQuery({ filter: `display_name ${operator} ${quoted}` });
      await listRows(executor, listThings, { ...query, after: [text, text] }, ["shelf"]);
    }),
  );
  expect(new Set(texts).size).toBe(4);
  expect(texts.join("")).not.toContain("canary");
});

const ORDERS = ["display_name", "seats", "create_time", "end_time", "id"] as const;
const order = fc
  .uniqueArray(fc.record({ field: fc.constantFrom(...ORDERS), desc: fc.boolean() }), {
    selector: ({ field }) => field,
    maxLength: 4,
  })
  .map((terms) => terms.map(({ field, desc }) => (desc ? `${field} desc` : field)).join(","));
const few = fc.record({
  display_name: fc.constantFrom("a", "B", "b", "é", ""),
  seats: fc.integer({ min: 0, max: 2 }),
  create_time: fc.constantFrom(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00.001Z")),
  end_time: fc.constantFrom(null, at("2026-03-01T00:00:00Z"), at("2027-01-01T00:00:00Z")),
});

test("pages of any size in any order, one behind the other, are the whole list in that order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(few, { maxLength: 14 }),
      order,
      fc.integer({ min: 1, max: 5 }),
      async (rows, orderBy, pageSize) => {
        const shelf = newShelf();
        await insertThings(
          postgres,
          shelf,
          rows.map((row) => thing(row)),
        );
        const [whole = []] = await pagesOf(shelf, { orderBy });
        expect(whole).toHaveLength(rows.length);
        const pages = await pagesOf(shelf, { orderBy, pageSize });
        expect(pages.flat()).toEqual(whole);
        expect(pages.slice(0, -1).every(({ length }) => length === pageSize)).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test("an order is what it says, nulls behind everything, or in front if it descends", async () => {
  const shelf = newShelf();
  const [none, early, late] = [null, at("2026-03-01T00:00:00Z"), at("2027-01-01T00:00:00Z")];
  await insertThings(
    postgres,
    shelf,
    [none, early, late].flatMap((end_time) => [
      thing({ end_time, seats: 1 }),
      thing({ end_time, seats: 2 }),
    ]),
  );
  const ordered = async (orderBy: string) =>
    (await pagesOf(shelf, { orderBy, pageSize: 1 }))
      .flat()
      .map(({ end_time, seats }) => [end_time, seats]);
  expect(await ordered("end_time,seats desc")).toEqual(
    [early, late, none].flatMap((end_time) => [
      [end_time, 2],
      [end_time, 1],
    ]),
  );
  expect(await ordered("end_time desc,seats")).toEqual(
    [none, late, early].flatMap((end_time) => [
      [end_time, 1],
      [end_time, 2],
    ]),
  );
});

test("rows that differ by less than the driver can tell are not lost or doubled", async () => {
  const shelf = newShelf();
  await insertThings(
    postgres,
    shelf,
    Array.from({ length: 9 }, () => thing()),
  );
  await postgres.query({
    text: `update thing t set create_time = create_time + n.i * interval '1 microsecond'
      from (select id, row_number() over (order by id desc) as i from thing where shelf = $1) n
      where t.id = n.id`,
    values: [shelf],
  });
  for (const orderBy of ["create_time", "create_time desc"]) {
    const pages = await pagesOf(shelf, { orderBy, pageSize: 2 });
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(9);
    expect(pages.flat()).toHaveLength(9);
  }
});

test("a position of another order is a bug, not a page somewhere", async () => {
  const query = { ...thingQuery({ orderBy: "seats desc,display_name" }), after: ["3", "x"] };
  await expect(listRows(postgres, listThings, query, ["shelf"])).rejects.toThrow("another order");
});

test("a null that nobody reckoned with is a bug, not a row that is missing", async () => {
  const shelf = newShelf();
  await insertThings(postgres, shelf, [thing(), thing()]);
  const forgetful = listStatement<Thing, readonly [string], ThingField>(
    new URL("fixtures/list_things.sql", import.meta.url),
    { ...listThings, columns: { ...listThings.columns, end_time: "end_time" } },
  );
  const query = thingQuery({ orderBy: "end_time desc", pageSize: 1 });
  await expect(listRows(postgres, forgetful, query, [shelf])).rejects.toThrow("end_time is null");
});

test("the server prepares every comparison and order, and a column that is not there is told", async () => {
  expect(await listPreparationFaults(postgres, THINGS, listThings)).toEqual([]);
  const { columns } = listThings;
  const mistaken = { ...listThings, columns: { ...columns, seats: "place", trial: "seats" } };
  const faults = await listPreparationFaults(postgres, THINGS, mistaken);
  expect(faults.filter((fault) => fault.includes('column "place" does not exist'))).toHaveLength(8);
  expect(faults.filter((fault) => fault.includes("integer = boolean"))).toHaveLength(2);
  expect(faults).toHaveLength(10);
});

test("statements are prepared by name, but not more of them than a session can bear", async () => {
  const names: (string | undefined)[] = [];
  const executor = {
    query: <Row>({ name }: { name?: string | undefined }) => {
      names.push(name);
      return Promise.resolve([] as readonly Row[]);
    },
  };
  const list = { ...listThings, named: new Map<string, string>() };
  for (let count = 1; count <= 20; count += 1)
    for (const operator of ["=", "<", ">", "!=", ":"]) {
      const filter = Array.from({ length: count }, () => `display_name ${operator} x`);
      await listRows(executor, list, thingQuery({ filter: filter.join(" AND ") }), ["shelf"]);
    }
  await listRows(executor, list, thingQuery({ filter: "display_name = y" }), ["shelf"]);
  expect(new Set(names.slice(0, 64)).size).toBe(64);
  expect(names.slice(64, 100)).toEqual(Array.from({ length: 36 }, () => undefined));
  expect(names[100]).toBe(names[0]);
});

test("an index in the order is read from where the page begins", async () => {
  const shelf = newShelf();
  await postgres.query({ text: "create index thing_page on thing (shelf, create_time, id)" });
  const rows = Array.from({ length: 3_000 }, (_, n) => thing({ create_time: new Date(n * 1_000) }));
  await insertThings(postgres, shelf, rows);
  await postgres.query({ text: "analyze thing" });
  const plans: string[] = [];
  const explaining = {
    query: async <Row>({ text, values }: { text: string; values?: unknown[] }) => {
      // The sample selects by an "or", which no index answers.
      const plain = text.replace(" or t.shelf = 'everywhere'", "");
      const plan = await postgres.query<{ "QUERY PLAN": string }>({
        text: `explain ${plain}`,
        values: values ?? [],
      });
      plans.push(plan.map((line) => line["QUERY PLAN"]).join("\n"));
      return [] as readonly Row[];
    },
  };
  const after = ["1970-01-01 00:20:00+00", rows[1_200]!.id];
  const query = { ...thingQuery({ pageSize: 10 }), after };
  await listRows(explaining, listThings, query, [shelf]);
  expect(plans[0]).toMatch(/Index Scan Backward using thing_page/);
  expect(plans[0]).toMatch(/Index Cond: .*ROW\(create_time, id\) < ROW/);
  expect(plans[0]).not.toContain("Sort");
});
