import { randomUUID } from "node:crypto";
import {
  boolean,
  defineList,
  type FieldOf,
  integer,
  type ListQuery,
  oneOf,
  pageTokens,
  readList,
  reference,
  text,
  time,
} from "@leasehold/list-query";
import { type Executor, listStatement } from "../src/index.ts";

/** A list with a field of every kind. */
export const THINGS = defineList({
  fields: {
    id: reference("a UUID", (id) => (/^[0-9a-f-]{36}$/.test(id) ? id : undefined)),
    display_name: text(),
    state: oneOf({ ACTIVE: "active", CLOSED: "closed" }),
    seats: integer(),
    create_time: time(),
    end_time: time(),
    trial: boolean(),
    note: text(),
  },
  orderable: ["display_name", "seats", "create_time", "end_time", "id"],
  defaultOrder: "create_time desc",
});

export type ThingField = FieldOf<typeof THINGS>;

/** A row of the sample table; `end_time` and `note` may be null. */
export interface Thing {
  readonly id: string;
  readonly display_name: string;
  readonly state: string;
  readonly seats: number;
  readonly create_time: Date;
  readonly end_time: Date | null;
  readonly trial: boolean;
  readonly note: string | null;
}

export const listThings = listStatement<Thing, readonly [shelf: string], ThingField>(
  new URL("fixtures/list_things.sql", import.meta.url),
  {
    columns: {
      id: "id",
      display_name: "display_name",
      state: "state",
      seats: "seats",
      create_time: "create_time",
      end_time: { nullable: "end_time" },
      trial: "trial",
      note: { nullable: "note" },
    },
    key: "id",
  },
);

export const THING_TABLE = `
  create table thing (
    id uuid primary key,
    shelf text not null,
    label text not null,
    state text not null,
    seats integer not null,
    create_time timestamptz not null,
    end_time timestamptz,
    trial boolean not null,
    note text
  )`;

/** A thing with values of its own where they are given. */
export function thing(own: Partial<Thing> = {}): Thing {
  return {
    id: randomUUID(),
    display_name: "thing",
    state: "active",
    seats: 3,
    create_time: new Date("2026-01-01T00:00:00Z"),
    end_time: null,
    trial: false,
    note: null,
    ...own,
  };
}

export async function insertThings(
  executor: Executor,
  shelf: string,
  things: readonly Thing[],
): Promise<void> {
  await executor.query({
    text: `insert into thing
      select t.id, $1, t.display_name, t.state, t.seats, t.create_time, t.end_time, t.trial, t.note
      from jsonb_populate_recordset(null::thing_row, $2::jsonb) t`,
    values: [shelf, JSON.stringify(things)],
  });
}

/** What the fixtures are inserted by. */
export const THING_ROW = `create type thing_row as (
  id uuid, display_name text, state text, seats integer,
  create_time timestamptz, end_time timestamptz, trial boolean, note text)`;

/** The query of a request, as a service reads it. */
export function thingQuery(
  request: { filter?: string; orderBy?: string; pageSize?: number } = {},
): ListQuery<ThingField> {
  const violation = (field: string, description: string) => {
    throw new Error(`${field}: ${description}`);
  };
  const call = { tokens: pageTokens(new Uint8Array(32)), method: "ListThings", parent: "" };
  const whole = { pageSize: 0, pageToken: "", ...request };
  return readList({ violation }, THINGS, whole, call).query;
}
