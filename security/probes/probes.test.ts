import { PrincipalKind } from "@leasehold/contracts";
import { beforeAll, expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { type ContractMethod, contractMethods } from "../protobuf/contract.ts";
import type { Answer } from "../wire.ts";
import { absent, type Names } from "./asked.ts";
import { type Ask, compare } from "./probes.ts";

const OWN = "customers/0190b5a0-0000-7000-8000-000000000001";
const FOREIGN = "customers/0190b5a0-0000-7000-8000-000000000002";
const THING = "0190b5a0-0000-7000-8000-00000000000a";
const by = { who: "a person", kind: PrincipalKind.ACCOUNT, headers: async () => ({}) };

function names(customer: string): Names {
  return {
    customer,
    account: `accounts/${THING}`,
    license: `${customer}/licenses/${THING}`,
    resourceLicense: `${customer}/licenses/${THING}`,
    resource: `${customer}/resources/${THING}`,
    installation: `installations/${THING}`,
    invitation: `${customer}/invitations/${THING}`,
    joinRequest: `${customer}/joinRequests/${THING}`,
    lease: new Uint8Array(32),
  };
}

let method: ContractMethod;
beforeAll(async () => {
  method = (await contractMethods()).find(({ key }) => key === "getLicense")!;
});

function answer(given: Partial<Answer>): Answer {
  return {
    code: 5,
    message: "not found",
    reason: "NOT_FOUND",
    details: undefined,
    body: undefined,
    ...given,
  };
}

async function foundOf(ask: (of: Names) => Answer, isSmuggled = false): Promise<Findings> {
  const findings = new Findings("");
  const asked: Ask = async (probe) => ask(probe.names);
  const of = { own: names(OWN), foreign: names(FOREIGN), isSmuggled };
  await compare({ by, method }, of, asked, findings);
  return findings;
}

const isForeign = ({ license }: Names) => license.startsWith(FOREIGN);

test("what is answered like nothing is no leak", async () => {
  const found = await foundOf(() => answer({}));
  expect(found.figures).toEqual({ crossCustomerProbes: 1, "crossCustomerProbes.notFound": 1 });
});

test.each([
  ["another code", { code: 7, reason: "PERMISSION_DENIED" }],
  ["another text", { message: "not found, or not yours" }],
  ["the thing", { code: 0, reason: "", body: Buffer.alloc(100) }],
])("%s for another customer's thing is a leak", async (_, given) => {
  const found = await foundOf((of) => answer(isForeign(of) ? given : {}));
  expect(found.figure("leaks")).toBeGreaterThan(0);
});

test("a thing that is found beneath one's own customer is a leak", async () => {
  const ids = (of: Names) => of.license.endsWith(THING);
  const found = await foundOf((of) => answer(ids(of) ? { code: 7 } : {}), true);
  expect(found.figure("leaks")).toBe(1);
});

test("absent names have the form of those that are there, and other ids", () => {
  const there = names(FOREIGN);
  const nobodys = absent(there);
  expect(nobodys.license).toMatch(/^customers\/[0-9a-f-]{36}\/licenses\/[0-9a-f-]{36}$/);
  expect(nobodys.license).not.toBe(there.license);
  expect(nobodys.resource.startsWith(nobodys.customer)).toBe(true);
});
