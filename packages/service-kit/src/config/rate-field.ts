import type { Rate } from "../grpc/gcra.ts";
import { field, type Field, type FieldOptions } from "./field.ts";
import { duration } from "./fields.ts";

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

/** A rate, or `off`: as often as anybody likes. */
export function rateOrOff(options: FieldOptions): Field<Rate | undefined> {
  const { read } = rate(options);
  return field<Rate | undefined>("number/duration|off", options, (text) => {
    if (text === "off") return { value: undefined };
    const found = read(text);
    return "fault" in found ? { fault: `${found.fault}, or off` } : found;
  });
}
