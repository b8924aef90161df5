import { expect, test } from "vitest";
import { readFeatureSeats } from "./config-site.ts";

test("seats of features stand with commas between them", () => {
  const read = readFeatureSeats("dataflow=2,reporting=10");
  expect(read).toEqual({
    value: new Map([
      ["dataflow", 2],
      ["reporting", 10],
    ]),
  });
});

test.each(["", "dataflow", "dataflow=", "dataflow=x", "dataflow=1,dataflow=2", "Data=1", "a=1,"])(
  "%j is refused",
  (text) => {
    expect(readFeatureSeats(text)).toHaveProperty("fault");
  },
);
