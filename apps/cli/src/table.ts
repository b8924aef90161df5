import { stripVTControlCharacters } from "node:util";

/** How wide the cells of a column are at most: longer ones stand as they are, and push the rest. */
const WIDEST = 100;

/** Rows under headings, in columns, with two spaces between them. Each line ends. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  bold = (text: string) => text,
): string {
  const cells = rows.map((row) => row.map(plain));
  const widths = headings.map((heading, column) =>
    Math.min(WIDEST, Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [bold(line(headings)), ...cells.map(line)].map((text) => `${text}\n`).join("");
}

/** A text without what would move the cursor, or say something else to a terminal: others wrote it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    "�",
  );
}
