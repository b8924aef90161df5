import { testPostgres } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChannelWatches, channelWatches, openPostgres, type Postgres } from "../src/index.ts";

const NEVER = 2 ** 31 - 1;

let stack: AsyncDisposableStack;
let postgres: Postgres;
let watches: ChannelWatches;
const patience = new AbortController().signal;
const notify = () => postgres.query({ text: "select pg_notify('news', '')" });

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  postgres = stack.use(
    openPostgres({ url, poolSize: 2, statementTimeoutMs: 5_000, applicationName: "watches-test" }),
  );
  watches = stack.use(channelWatches(postgres, "news", NEVER));
  using connected = watches.watch();
  await connected.next(patience);
});
afterAll(() => stack.disposeAsync());

test("every reader wakes upon a notification", async () => {
  using one = watches.watch();
  using other = watches.watch();
  const both = Promise.all([one.next(patience), other.next(patience)]);
  await notify();
  await expect(both).resolves.toHaveLength(2);
});

test("news that come while the reader is busy are not missed", async () => {
  using busy = watches.watch();
  using witness = watches.watch();
  await notify();
  await witness.next(patience);
  await expect(busy.next(patience)).resolves.toBeUndefined();
});

test("a reader that gives up waits no longer", async () => {
  using watch = watches.watch();
  const control = new AbortController();
  const waiting = watch.next(control.signal);
  control.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(watch.next(control.signal)).resolves.toBeUndefined();
});

test("a reader looks from time to time without any news", async () => {
  await using impatient = channelWatches(postgres, "nothing ever happens", 10);
  using watch = impatient.watch();
  for (let i = 0; i < 5; i++) await watch.next(patience);
  await expect(watch.next(patience)).resolves.toBeUndefined();
});
