import { expect, test } from "vitest";
import { inBackground, pause } from "./background.ts";

test("letting go tells the work, and waits until it has ended", async () => {
  const told: string[] = [];
  await using stack = new AsyncDisposableStack();
  inBackground(stack, async (signal) => {
    await pause(60_000, signal);
    told.push("ended");
  });
  const letGo = stack.disposeAsync();
  told.push("asked");
  await letGo;
  expect(told).toEqual(["asked", "ended"]);
});

test("work that fails is told when it is let go", async () => {
  const stack = new AsyncDisposableStack();
  inBackground(stack, async (signal) => {
    await pause(60_000, signal);
    throw new Error("broken");
  });
  await expect(stack.disposeAsync()).rejects.toThrow("broken");
});

test("a pause whose signal has fired already is over at once", async () => {
  await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
});
