import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test, vi } from "vitest";
import { apartFromHere } from "./apart.ts";

test("work that is done apart is no part of the call that set it off", async () => {
  const caller = new AsyncLocalStorage<string>();
  const apart = apartFromHere();
  const seen: unknown[] = [];
  caller.run("ada", () => apart(() => seen.push(caller.getStore()), "later"));
  expect(seen).toEqual([]);
  await vi.waitFor(() => expect(seen).toEqual([undefined]));
  caller.run("ada", () => apart(() => seen.push(caller.getStore()), "now"));
  expect(seen).toEqual([undefined, undefined]);
});
