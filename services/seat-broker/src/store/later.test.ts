import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test, vi } from "vitest";
import { laterFromHere } from "./later.ts";

test("work for later is no part of the call that put it off", async () => {
  const caller = new AsyncLocalStorage<string>();
  const later = laterFromHere();
  const seen: unknown[] = [];
  caller.run("ada", () => later(() => seen.push(caller.getStore())));
  expect(seen).toEqual([]);
  await vi.waitFor(() => expect(seen).toEqual([undefined]));
});
