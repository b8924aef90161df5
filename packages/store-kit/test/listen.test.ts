import { testPostgres } from "@leasehold/testkit";
import { expect, test, vi } from "vitest";
import { listen, openPostgres } from "../src/index.ts";

test("a listener wakes once connected, upon each notification, and again after its connection was cut", async () => {
  await using database = await testPostgres();
  await using postgres = openPostgres({
    url: database.url,
    poolSize: 2,
    statementTimeoutMs: 5_000,
    applicationName: "listen-test",
  });
  const woken = vi.fn<() => void>();
  await using _listener = listen(postgres, "license feed", woken);
  await expect.poll(() => woken.mock.calls.length).toBe(1);

  await postgres.query({ text: "select pg_notify('license feed', '')" });
  await expect.poll(() => woken.mock.calls.length).toBe(2);

  await postgres.query({
    text: "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()",
  });
  await expect.poll(() => woken.mock.calls.length).toBe(3);
  await postgres.query({ text: "select pg_notify('license feed', '')" });
  await expect.poll(() => woken.mock.calls.length).toBe(4);
});
