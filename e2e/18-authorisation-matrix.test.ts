import { PrincipalKind, RequiredRole } from "@leasehold/contracts";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contractMethods } from "./matrix/contract-methods.ts";
import type { CallersRule } from "./matrix/expectation.ts";
import { runMatrix } from "./matrix/run-matrix.ts";

const PATIENCE_MS = 600_000;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ signIn: true });
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

test(
  "every method does for every kind of caller what its rule says, and nothing else",
  async () => {
    const { cells, surprises } = await runMatrix(cluster);
    expect(surprises).toEqual([]);
    expect(cells).toBeGreaterThan((await contractMethods()).length * 20);
    console.log(`${cells} cells of the authorisation matrix, 0 surprises`);
  },
  PATIENCE_MS,
);

/** What is wrong with the rules that a lying run takes for the contract's, and for which method. */
const LIES = [
  ["lets no administrators in", "getLicense", { principals: [PrincipalKind.ACCOUNT] }],
  ["lets people without an account in", "listLicenses", { principals: [PrincipalKind.PERSON] }],
  ["asks another permission", "issueLicense", { permission: "audit.read" }],
  ["asks a higher role", "getCustomer", { customerRole: RequiredRole.ADMINISTRATOR }],
  ["asks a lower role", "createInvitation", { customerRole: RequiredRole.USER }],
  ["names no service", "watchLicenses", { services: [] }],
] as const;

test(
  "a rule that is not what the servers keep to is a surprise, whatever it is about",
  async () => {
    const lieAbout = (key: string) => LIES.find(([, method]) => method === key)?.[2];
    const { surprises } = await runMatrix(cluster, {
      only: (method) => lieAbout(method.split(".")[1] ?? "") !== undefined,
      ruleOf: ({ key, rule }) => ({ ...rule, ...lieAbout(key) }) as CallersRule,
    });
    for (const [lie, method] of LIES)
      expect([lie, surprises.some((surprise) => surprise.includes(`.${method} by `))]).toEqual([
        lie,
        true,
      ]);
  },
  PATIENCE_MS,
);
