import { expect, test } from "vitest";
import { until } from "./until.ts";

test("waiting ends with the first answer", async () => {
  const answers = [undefined, undefined, "here"];
  expect(await until("a letter", 5_000, () => answers.shift())).toBe("here");
  expect(answers).toEqual([]);
});

test("waiting in vain tells what was waited for", async () => {
  await expect(until("a letter", 0, () => undefined)).rejects.toThrow("a letter: not within 0 ms");
});

test("an error of the probe ends the waiting", async () => {
  const probe = () => Promise.reject(new Error("no such address"));
  await expect(until("a letter", 5_000, probe)).rejects.toThrow("no such address");
});
