import { duration, type Field, field, type FieldOptions } from "@leasehold/service-kit";
import type { Rate } from "./domain/rate.ts";

const MOST = 1_000_000;
/** Longer than a day a bucket would be worth keeping somewhere else. */
const PERIOD = duration({ doc: "", minMs: 1_000, maxMs: 86_400_000 });

/** So many at once, and as many again in each period: `600/1m`. */
export function rate(options: FieldOptions): Field<Rate> {
  return field("number/duration", options, (text) => {
    const [, digits = "", period = ""] = /^(\d{1,7})\/(\w+)$/.exec(text) ?? [];
    const count = Number(digits);
    const read = PERIOD.read(period);
    return count >= 1 && count <= MOST && "value" in read
      ? { value: { count, periodMs: read.value } }
      : { fault: `must be 1 to ${MOST} in 1s to 1d, for example 600/1m` };
  });
}
