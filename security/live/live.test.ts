import { PrincipalKind } from "@leasehold/contracts";
import { beforeAll, expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { type ContractMethod, contractMethods } from "../protobuf/contract.ts";
import { type Answer, NO_ANSWER, NOT_IN_TIME } from "../wire.ts";
import { judge } from "./live.ts";

let methods: readonly ContractMethod[];
beforeAll(async () => {
  methods = await contractMethods();
});

function foundOf(key: string, kind: PrincipalKind | undefined, given: Partial<Answer>): Findings {
  const findings = new Findings("");
  const method = methods.find((each) => each.key === key)!;
  const by = { who: "somebody", kind, headers: async () => ({}) };
  const answer = {
    code: 0,
    message: "",
    reason: "",
    details: undefined,
    body: undefined,
    ...given,
  };
  judge({ method, by, how: "as it is", message: new Uint8Array() }, answer, findings);
  return findings;
}

test.each([
  ["INTERNAL", { code: 13 }],
  ["UNKNOWN", { code: 2 }],
  ["a connection that is gone", { code: 14 }],
  ["silence", { code: NO_ANSWER, message: NOT_IN_TIME }],
])("%s counts as a crash", (_, given) => {
  expect(foundOf("issueLicense", PrincipalKind.ADMINISTRATOR, given).figure("crashes")).toBe(1);
});

test("a refusal is none, nor a stream that has nothing to tell yet", () => {
  const refused = foundOf("issueLicense", PrincipalKind.ADMINISTRATOR, { code: 3, reason: "X" });
  expect(refused.figures).toEqual({ liveCalls: 1, "liveCalls.refused": 1 });
  const silent = { code: NO_ANSWER, message: NOT_IN_TIME };
  const open = foundOf("watchLicenses", PrincipalKind.SERVICE, silent);
  expect(open.figures).toEqual({ liveCalls: 1, "liveCalls.open": 1 });
});

test("a call that is let in without the credentials for it is caught", () => {
  expect(foundOf("issueLicense", undefined, {}).figure("forgedAccepted")).toBe(1);
  expect(foundOf("issueLicense", PrincipalKind.ACCOUNT, {}).figure("forgedAccepted")).toBe(1);
  expect(foundOf("issueLicense", PrincipalKind.ADMINISTRATOR, {}).figure("forgedAccepted")).toBe(0);
  expect(foundOf("createChallenge", undefined, {}).figure("forgedAccepted")).toBe(0);
});
