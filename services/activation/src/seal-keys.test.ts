import { expect, test } from "vitest";
import { readSealKeys } from "./seal-keys.ts";

const [ONE, TWO] = ["ab".repeat(32), "CD".repeat(32)];

test("seal keys are read one a line, the newest first, whatever the line ends are", () => {
  expect(readSealKeys(`${ONE}\r\n\n ${TWO} \n`)).toEqual([
    new Uint8Array(32).fill(0xab),
    new Uint8Array(32).fill(0xcd),
  ]);
});

test.each([
  ["nothing", ""],
  ["a short one", ONE.slice(2)],
  ["a long one", `${ONE}00`],
  ["other letters", ONE.replace("a", "g")],
  ["two on a line", `${ONE} ${TWO}`],
])("a file with %s is refused, in words that do not quote it", (_, text) => {
  expect(() => readSealKeys(text)).toThrow(/^must hold 64 hexadecimal digits/);
});
