import { expect, test } from "vitest";
import { decodePlainData, encodePlainData } from "./plain-data.ts";

test("plain data comes back as it was, bigints included", () => {
  const data = {
    revision: 9_007_199_254_740_993n,
    terms: { features: [{ feature: "diagrams", limit: 0n }, { feature: "dataflow" }] },
    name: 'line\n"{\\"bigint\\":\\"1\\"}"',
  };
  expect(decodePlainData(encodePlainData(data))).toEqual(data);
});

test("a text that looks like a tagged bigint stays a text", () => {
  expect(decodePlainData(encodePlainData({ name: '{"bigint":"1"}' }))).toEqual({
    name: '{"bigint":"1"}',
  });
});
