/*
 * `node --conditions=source bench/capacity.ts [FOLDER]`: works out from what is kept in bench/results (or another folder of
 * results) what numbers of live seats need, and writes it into docs/operations/capacity.md, between its markers.
 */
import { BARS } from "./bars/bars.ts";
import { keptBars, RESULTS } from "./run/results.ts";
import { capacityText } from "./tables/capacity-table.ts";
import { writeMarked } from "./tables/marked-text.ts";

const bars = await keptBars(
  process.argv[2] ?? RESULTS,
  BARS.map(({ name }) => name),
);
const text = capacityText(bars);
await writeMarked(new URL("../docs/operations/capacity.md", import.meta.url), "capacity", text);
console.log(text);
