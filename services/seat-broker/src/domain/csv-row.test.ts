import * as fc from "fast-check";
import { expect, test } from "vitest";
import { csvRow } from "./csv-row.ts";

test("a row ends with CRLF, an absent cell is empty", () => {
  expect(csvRow(["ada", 3, 2n ** 60n, undefined, false])).toBe(
    "ada,3,1152921504606846976,,false\r\n",
  );
});

test.each([
  ["a,b", '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ["two\nlines", '"two\nlines"'],
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["|calc", "'|calc"],
  ["\t=1", "'\t=1"],
  [" =1", "' =1"],
  ["＝1", "'＝1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ["'quoted", "''quoted"],
])("the text %j is the cell %s", (text, cell) => {
  expect(csvRow([text])).toBe(`${cell}\r\n`);
});

test("any texts read back from their row, and none begins a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (texts) => {
      const cells = readRow(csvRow(texts));
      for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      expect(cells.map((cell) => (cell.startsWith("'") ? cell.slice(1) : cell))).toEqual(texts);
    }),
  );
});

/** Reads a row as RFC 4180 says. */
function readRow(row: string): readonly string[] {
  expect(row.endsWith("\r\n")).toBe(true);
  const cells = row.slice(0, -2).matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/gy);
  return Array.from(cells, ([, cell = ""]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  ).slice(0, row.slice(0, -2).endsWith(",") || row === "\r\n" ? undefined : -1);
}
