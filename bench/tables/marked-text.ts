import { readFile, writeFile } from "node:fs/promises";

/** Puts text between `<!-- NAME -->` and `<!-- /NAME -->` in a page of Markdown. @throws Error if the markers are not there */
export function withMarked(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** The same in a file. */
export async function writeMarked(file: URL, name: string, text: string): Promise<void> {
  await writeFile(file, withMarked(await readFile(file, "utf8"), name, text));
}

/** A table of Markdown, its columns as wide as their longest cell, which is how the formatter has them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
