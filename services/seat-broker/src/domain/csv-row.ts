/** What a cell may hold; absent ones are empty. */
export type CsvCell = string | number | bigint | boolean | undefined;

/** With these in front, a spreadsheet takes a text for a formula; full-width forms among them. */
const FORMULA = /^\s*[=+\-@|\uff1d\uff0b\uff0d\uff20]/u;

/**
 * A row of CSV (RFC 4180), its line end included. Text that a spreadsheet would take for a
 * formula, or whose own apostrophe would be lost, gets an apostrophe in front.
 */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (typeof cell !== "string") return cell === undefined ? "" : String(cell);
  const text = FORMULA.test(cell) || /^[\s']/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
