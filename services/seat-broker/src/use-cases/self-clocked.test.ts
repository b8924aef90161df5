import { expect, test, vi } from "vitest";
import { selfClocked } from "./self-clocked.ts";

test("items of one turn travel together, those of a round trip's time after it", async () => {
  const trips: (readonly number[])[] = [];
  const returns: (() => void)[] = [];
  const put = selfClocked<number>(setImmediate, (items) => {
    trips.push(items);
    return new Promise((resolve) => returns.push(resolve));
  });
  put([1]);
  put([2, 3]);
  await vi.waitFor(() => expect(trips).toEqual([[1, 2, 3]]));
  put([4]);
  put([5]);
  expect(trips).toHaveLength(1);
  returns[0]?.();
  await vi.waitFor(() =>
    expect(trips).toEqual([
      [1, 2, 3],
      [4, 5],
    ]),
  );
  returns[1]?.();
  put([6]);
  await vi.waitFor(() => expect(trips).toHaveLength(3));
});

test("nothing travels where there is nothing to carry", async () => {
  const carry = vi.fn<() => Promise<void>>(() => Promise.resolve());
  selfClocked<number>(setImmediate, carry)([]);
  await new Promise(setImmediate);
  expect(carry).not.toHaveBeenCalled();
});
