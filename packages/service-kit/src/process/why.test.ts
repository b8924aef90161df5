import { expect, test } from "vitest";
import { why } from "./why.ts";

test("an error is told with its causes, in one line", () => {
  const cause = new Error('password authentication failed for user "issuer"\n');
  expect(why(new Error("the database is unavailable", { cause }))).toBe(
    'the database is unavailable: password authentication failed for user "issuer"',
  );
});

test("a cause that only repeats what was told is not told again", () => {
  const cause = new Error("read-only");
  expect(why(new Error("Redis is read-only", { cause }))).toBe("Redis is read-only");
});

test("an attempt at several addresses tells what became of each", () => {
  const refused = ["127.0.0.1:1", "::1:1", "::1:1"].map((at) => new Error(`ECONNREFUSED ${at}`));
  const cause = new AggregateError(refused, "");
  expect(why(new Error("the database is unavailable", { cause }))).toBe(
    "the database is unavailable: ECONNREFUSED 127.0.0.1:1, ECONNREFUSED ::1:1",
  );
});

test("what is no error, and errors that are their own cause, are told too", () => {
  const own: Error = new Error("round");
  own.cause = own;
  expect([why("gone"), why(own)]).toEqual(["gone", "round"]);
});
