import { readFile } from "node:fs/promises";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { testPostgres } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Postgres } from "../src/index.ts";
import {
  openPostgres,
  preparationFaults,
  recallReply,
  type RepeatableRequest,
  replyOnce,
  replyPruning,
  transaction,
} from "../src/index.ts";
import { pruneReplies } from "../src/request-replies.ts";

let stack: AsyncDisposableStack;
let postgres: Postgres;
let url: string;

const directory = (name: string) => new URL(`../${name}/`, import.meta.url);
const ddl = (name: string) => readFile(new URL(`${name}.sql`, directory("ddl")), "utf8");
const newRequest = (body = "three seats"): RepeatableRequest => ({
  requestId: newUuid(systemClock, systemRandom),
  method: "IssueLicense",
  body: Buffer.from(body),
});
const carryOut = (request: RepeatableRequest, work: () => Promise<Uint8Array>) =>
  transaction(postgres, (tx) => replyOnce(tx, request, work));

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ url } = stack.use(await testPostgres()));
  postgres = stack.use(
    openPostgres({ url, poolSize: 20, statementTimeoutMs: 5_000, applicationName: "replies-test" }),
  );
  await postgres.query({ text: await ddl("request_reply") });
  await postgres.query({ text: await ddl("schema_migration") });
});
afterAll(() => stack.disposeAsync());

test("the server prepares every statement", async () => {
  expect(await preparationFaults(postgres, directory("sql"))).toEqual([]);
});

test("a statement that the server refuses is told", async () => {
  const faults = await preparationFaults(postgres, directory("ddl"));
  expect(faults.map(({ file }) => file)).toEqual(["request_reply.sql", "schema_migration.sql"]);
});

test("twenty parallel calls with one request id are carried out once, and all get its reply", async () => {
  const request = newRequest();
  const work = vi.fn<() => Promise<Uint8Array>>(async () => systemRandom(8));
  const replies = await Promise.all(Array.from({ length: 20 }, () => carryOut(request, work)));
  expect(work).toHaveBeenCalledTimes(1);
  expect(new Set(replies.map(({ reply }) => reply.toString("hex"))).size).toBe(1);
  expect(replies.filter(({ kind }) => kind === "carried-out")).toHaveLength(1);
  expect(await recallReply(postgres, request)).toEqual(replies[0]!.reply);
});

test("a call that failed leaves no reply, and its repetition is carried out", async () => {
  const request = newRequest();
  await expect(
    carryOut(request, () => Promise.reject(new Error("no such customer"))),
  ).rejects.toThrow("no such customer");
  expect(await recallReply(postgres, request)).toBeUndefined();
  const { kind } = await carryOut(request, async () => new Uint8Array());
  expect(kind).toBe("carried-out");
});

test("an empty reply is a reply", async () => {
  const request = newRequest();
  await carryOut(request, async () => new Uint8Array());
  expect(await recallReply(postgres, request)).toEqual(Buffer.alloc(0));
});

test.each([
  ["another body", { body: Buffer.from("four seats") }],
  ["another method", { method: "RevokeLicense" }],
])("a request id that comes again with %s is refused", async (_, other) => {
  const request = newRequest();
  await carryOut(request, async () => Buffer.from("first"));
  const work = vi.fn<() => Promise<Uint8Array>>(async () => Buffer.from("second"));
  const reused = { ...request, ...other };
  await expect(carryOut(reused, work)).rejects.toMatchObject({ reason: "REQUEST_ID_REUSED" });
  await expect(recallReply(postgres, reused)).rejects.toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
  expect(work).not.toHaveBeenCalled();
});

test("a duplicate that waits in vain is told that the first is in flight", async () => {
  await using impatient = openPostgres({
    url,
    poolSize: 1,
    statementTimeoutMs: 100,
    applicationName: "impatient",
  });
  const request = newRequest();
  await carryOut(request, async () => {
    const duplicate = transaction(impatient, (tx) =>
      replyOnce(tx, request, async () => Buffer.from("doubled")),
    );
    await expect(duplicate).rejects.toMatchObject({ reason: "REQUEST_IN_FLIGHT" });
    return Buffer.from("first");
  });
});

/** Replies of which the first so many are past their time. */
async function keptReplies(old: number): Promise<readonly RepeatableRequest[]> {
  const requests = [newRequest(), newRequest(), newRequest(), newRequest()];
  for (const request of requests) await carryOut(request, async () => Buffer.from("kept"));
  await postgres.query({
    text: "update request_reply set expires = now() - interval '1 second' where request_id = any ($1)",
    values: [requests.slice(0, old).map(({ requestId }) => requestId)],
  });
  return requests;
}

test("replies past their time are pruned, a bounded number at a time", async () => {
  const requests = await keptReplies(3);
  expect(await pruneReplies(postgres, 2)).toBe(2);
  expect(await pruneReplies(postgres, 2)).toBe(1);
  expect(await pruneReplies(postgres, 2)).toBe(0);
  expect(await recallReply(postgres, requests[3]!)).toEqual(Buffer.from("kept"));
});

test("replies past their time go by and by, the others stay", async () => {
  const [old, young] = await keptReplies(1);
  await using _pruning = replyPruning(postgres, (error) => expect.unreachable(String(error)), 5);
  await expect.poll(() => recallReply(postgres, old!)).toBeUndefined();
  expect(await recallReply(postgres, young!)).toEqual(Buffer.from("kept"));
});
