import {
  DeadlineClass,
  type MethodRule,
  PrincipalKind,
  RateClass,
  RequestSize,
  RequiredRole,
} from "@leasehold/contracts";
import { expect, test } from "vitest";
import { ruleFault } from "./rule-fault.ts";

const { ADMINISTRATOR, ACCOUNT, SERVICE, INSTALLATION } = PrincipalKind;
const complete: MethodRule = {
  principals: [ADMINISTRATOR],
  permission: "licenses.read",
  deadline: DeadlineClass.STANDARD,
  rate: RateClass.PORTAL,
  size: RequestSize.STANDARD,
  customerRole: RequiredRole.UNSPECIFIED,
  services: [],
};

test("a rule that says everything has no fault", () => {
  expect(ruleFault(complete, false)).toBeUndefined();
  const stream = { ...complete, deadline: DeadlineClass.STREAM };
  expect(ruleFault(stream, true)).toBeUndefined();
  const withAccounts = {
    ...complete,
    principals: [ACCOUNT, SERVICE],
    customerRole: RequiredRole.NONE,
    services: ["console"],
  };
  expect(ruleFault(withAccounts, false)).toBeUndefined();
});

const UNKNOWN = 99 as never;

test.each([
  [{ principals: [] }, "does not name its principals"],
  [{ principals: [PrincipalKind.UNSPECIFIED] }, "does not name its principals"],
  [{ principals: [ADMINISTRATOR, UNKNOWN] }, "does not name its principals"],
  [{ deadline: DeadlineClass.UNSPECIFIED }, "does not name its deadline"],
  [{ deadline: DeadlineClass.STREAM }, "does not name its deadline"],
  [{ deadline: UNKNOWN }, "does not name its deadline"],
  [{ rate: RateClass.UNSPECIFIED }, "does not name its rate class"],
  [{ rate: UNKNOWN }, "does not name its rate class"],
  [{ size: RequestSize.UNSPECIFIED }, "does not name its size"],
  [{ size: UNKNOWN }, "does not name its size"],
  [{ principals: [ACCOUNT] }, "names accounts without a role"],
  [{ principals: [ACCOUNT], customerRole: UNKNOWN }, "names accounts without a role"],
  [{ customerRole: RequiredRole.USER }, "names a role, but no accounts"],
  [{ principals: [SERVICE] }, "does not name its services"],
  [{ principals: [SERVICE], services: ["activation", ""] }, "does not name its services"],
  [{ services: ["activation"] }, "names services, but not as principals"],
  [
    { principals: [SERVICE, INSTALLATION], services: ["activation"], rate: RateClass.INTERNAL },
    "lets others than services call what is internal",
  ],
  [{ rate: RateClass.INTERNAL }, "lets others than services call what is internal"],
] as readonly (readonly [Partial<MethodRule>, string])[])("a rule with %j %s", (given, fault) => {
  expect(ruleFault({ ...complete, ...given }, false)).toBe(fault);
});

test("a stream with the deadline of a single answer does not name its deadline", () => {
  expect(ruleFault(complete, true)).toBe("does not name its deadline");
});
