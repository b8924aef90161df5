import { expect, test } from "vitest";
import { NO_ANSWER, NOT_IN_TIME } from "../wire.ts";
import { isTooMuch } from "./entrance.ts";

const answer = (code: number, message = "") => ({
  code,
  message,
  reason: "",
  details: undefined,
  body: undefined,
});

test.each([
  ["nothing", NO_ANSWER, "the connection is closed", false],
  ["nothing", NO_ANSWER, NOT_IN_TIME, true],
  ["nothing", 7, "", true],
  ["nothing", 0, "", true],
  ["refusals", NO_ANSWER, "the connection is closed", false],
  ["refusals", 7, "", false],
  ["refusals", 16, "", false],
  ["refusals", NO_ANSWER, NOT_IN_TIME, true],
  ["refusals", 3, "", true],
  ["refusals", 0, "", true],
  ["answers", 0, "", false],
] as const)("for who gets %s, %d %s is too much: %j", (gets, code, message, tooMuch) => {
  expect(isTooMuch({ gets }, answer(code, message))).toBe(tooMuch);
});
