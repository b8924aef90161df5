import { expect, test, vi } from "vitest";
import { type Apart, selfClocked } from "./self-clocked.ts";

const apart: Apart = (work, when) => {
  if (when === "now") work();
  else setImmediate(work);
};

test("items of one turn travel together, those of a round trip's time after it", async () => {
  const trips: (readonly number[])[] = [];
  const returns: (() => void)[] = [];
  const put = selfClocked<number>({ apart, enough: 5 }, (items) => {
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

test("enough items travel at once, beside others", async () => {
  const trips: (readonly number[])[] = [];
  const returns: (() => void)[] = [];
  const put = selfClocked<number>({ apart, enough: 2 }, (items) => {
    trips.push(items);
    return new Promise((resolve) => returns.push(resolve));
  });
  for (let item = 1; item <= 9; item += 1) put([item]);
  const four = [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ];
  expect(trips).toEqual(four);
  put([10]);
  await new Promise(setImmediate);
  expect(trips).toEqual(four);
  returns[0]?.();
  await vi.waitFor(() => expect(trips).toEqual([...four, [9, 10]]));
  put([11]);
  for (const back of returns.slice(1, 4)) back();
  await new Promise(setImmediate);
  expect(trips).toHaveLength(5);
  returns[4]?.();
  await vi.waitFor(() => expect(trips.slice(5)).toEqual([[11]]));
});

test("beside plenty that is under way nothing travels", async () => {
  const trips: number[] = [];
  const returns: (() => void)[] = [];
  const put = selfClocked<number>({ apart, enough: 2 }, ({ length }) => {
    trips.push(length);
    return new Promise((resolve) => returns.push(resolve));
  });
  put(Array.from({ length: 8 }, (_, item) => item));
  put([8, 9]);
  put([10, 11]);
  await new Promise(setImmediate);
  expect(trips).toEqual([8]);
  returns[0]?.();
  await vi.waitFor(() => expect(trips).toEqual([8, 4]));
});

test("nothing travels where there is nothing to carry", async () => {
  const carry = vi.fn<() => Promise<void>>(() => Promise.resolve());
  selfClocked<number>({ apart, enough: 5 }, carry)([]);
  await new Promise(setImmediate);
  expect(carry).not.toHaveBeenCalled();
});
