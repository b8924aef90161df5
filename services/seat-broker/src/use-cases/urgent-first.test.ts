import * as fc from "fast-check";
import { expect, test } from "vitest";
import { urgentFirst } from "./urgent-first.ts";

function backlog(mostTaken: number, mostWaiting: number) {
  const refused: number[] = [];
  const endsAt = (item: number): number => item;
  const refuse = (items: readonly number[]): void => void refused.push(...items);
  return { refused, line: urgentFirst({ endsAt, mostTaken, mostWaiting, refuse }) };
}

test("while all go along they keep their order", () => {
  const { line } = backlog(3, 10);
  line.put([9_000, 1_000]);
  line.put([5_000]);
  expect(line.size).toBe(3);
  expect(line.take()).toEqual([9_000, 1_000, 5_000]);
  expect(line.size).toBe(0);
  expect(line.take()).toEqual([]);
});

test("where some wait those that end first go, and of one second those that came first", () => {
  const { line, refused } = backlog(2, 10);
  line.put([9_000, 1_500, 5_000, 1_200]);
  expect(line.take()).toEqual([1_500, 1_200]);
  line.put([3_000]);
  expect(line.take()).toEqual([3_000, 5_000]);
  expect(line.take()).toEqual([9_000]);
  expect(refused).toEqual([]);
});

test("of too many those that end last are refused", () => {
  const { line, refused } = backlog(1, 2);
  line.put([4_000, 9_000, 1_000, 7_000, 2_000]);
  expect(line.take()).toEqual([1_000]);
  expect(refused).toEqual([9_000, 7_000, 4_000]);
  expect([line.take(), line.take()]).toEqual([[2_000], []]);
});

test("each that is put in goes once or is refused once, and nobody passes one that ends seconds earlier", () => {
  const batch = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 30 });
  const property = fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
    const { line, refused } = backlog(7, 25);
    const gone: number[] = [];
    const waiting = (): number[] => {
      const left = batches.slice(0, put).flat();
      for (const item of [...gone, ...refused]) left.splice(left.indexOf(item), 1);
      return left;
    };
    let put = 0;
    const go = (): void => {
      const going = line.take();
      expect(going.length).toBeLessThanOrEqual(7);
      gone.push(...going);
      const first = Math.min(...waiting(), ...refused);
      for (const item of going) expect(Math.floor(item / 1_000)).toBeLessThanOrEqual(first / 1_000);
      expect(line.size).toBe(waiting().length);
      expect(line.size).toBeLessThanOrEqual(25);
    };
    for (const items of batches) {
      line.put(items);
      put += 1;
      go();
    }
    while (line.size > 0) go();
    expect([...gone, ...refused].toSorted((a, b) => a - b)).toEqual(
      batches.flat().toSorted((a, b) => a - b),
    );
  });
  fc.assert(property);
});
