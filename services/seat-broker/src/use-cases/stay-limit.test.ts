import { expect, test } from "vitest";
import { brokerFull, tooManyOfInstallation } from "../domain/seat-problems.ts";
import { someUuid } from "../../test/some-pool.ts";
import { stayLimit } from "./stay-limit.ts";

function limit(most: number, mostEach: number) {
  const full = () => brokerFull("waiters");
  return stayLimit({ most, mostEach, full, tooMany: () => tooManyOfInstallation("waiters") });
}

test("an installation that has too many in is told so, and others get in", () => {
  const waiters = limit(10, 2);
  const [ada, bob] = [someUuid(), someUuid()];
  const stay = waiters.enter(ada);
  waiters.enter(ada);
  expect(() => waiters.enter(ada)).toThrow(expect.objectContaining({ reason: "RATE_LIMITED" }));
  waiters.enter(bob);
  stay[Symbol.dispose]();
  stay[Symbol.dispose]();
  waiters.enter(ada);
  expect(() => waiters.enter(ada)).toThrow(expect.objectContaining({ reason: "RATE_LIMITED" }));
  expect(waiters.count()).toBe(3);
});

test("a full broker takes nobody until somebody leaves", () => {
  const waiters = limit(2, 2);
  waiters.enter(someUuid());
  const stay = waiters.enter(someUuid());
  const refusal = expect.objectContaining({
    reason: "OVERLOADED",
    retryAfterMs: expect.any(Number) as number,
  }) as Error;
  expect(() => waiters.enter(someUuid())).toThrow(refusal);
  stay[Symbol.dispose]();
  waiters.enter(someUuid());
});
