import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { issuer } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHAIN_START, follows } from "@leasehold/license-format";
import { auditedIssuer, exported, writeEntries } from "./audited-issuer.ts";
import type { AuditedIssuer } from "./audited-issuer.ts";
import { createCustomer } from "./issuer-under-test.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/verify-audit.py", import.meta.url));
const PYTHON = spawnSync("python3", ["--version"]).status === 0;

let issuing: AuditedIssuer;
let lines: readonly AuditLine[];

beforeAll(async () => {
  issuing = await auditedIssuer();
  await createCustomer(issuing.under.admin);
  await writeEntries(issuing.postgres, 20);
  lines = (await exported(issuing.audit)).map(lineOf);
});
afterAll(() => issuing[Symbol.asyncDispose]());

/** An entry in the JSON of the contract, which leaves out what is empty. */
type AuditLine = Readonly<Record<keyof issuer.AuditEntry, string>>;

function lineOf(entry: issuer.AuditEntry): AuditLine {
  const { sequence, time, why, requestSha256, hash, ...texts } = entry;
  return {
    ...texts,
    sequence: sequence.toString(),
    time: time!.toISOString(),
    requestSha256: requestSha256.toString("base64"),
    hash: hash.toString("base64"),
    ...(why === "" ? {} : { why }),
  } as AuditLine;
}

/** What a verifier says of an export: the example where there is Python, and one in TypeScript anywhere. */
function verified(of: readonly AuditLine[]): string {
  const here = verifiedHere(of);
  if (!PYTHON) return here;
  const input = of.map((line) => `${JSON.stringify(line)}\n`).join("");
  const { status, stdout, stderr } = spawnSync("python3", [EXAMPLE], { input, encoding: "utf8" });
  expect(status).toBe(here.includes("entries") ? 0 : 1);
  expect(`${stdout}${stderr}`).toMatch(here);
  return here;
}

function verifiedHere(of: readonly AuditLine[]): string {
  let last = CHAIN_START;
  for (const line of of) {
    const entry = {
      ...line,
      why: line.why ?? "",
      sequence: BigInt(line.sequence),
      timeUs: BigInt(Date.parse(line.time)) * 1_000n,
      requestSha256: Buffer.from(line.requestSha256, "base64"),
      hash: Buffer.from(line.hash, "base64"),
    };
    if (!follows(last, entry)) return `entry ${last.sequence + 1n} `;
    last = entry;
  }
  const hash = Buffer.from(last.hash).toString("hex");
  return `${last.sequence} entries, the last with the hash ${hash}`;
}

test("the example in Python verifies what an issuer exports", async ({ annotate }) => {
  if (!PYTHON) await annotate("there is no python3 here: verified in TypeScript only", "warning");
  const last = (await exported(issuing.audit)).at(-1)!;
  expect(verified(lines)).toBe(`21 entries, the last with the hash ${last.hash.toString("hex")}`);
});

test("the entry that docs/audit.md shows has the hash that it says", () => {
  const text = readFileSync(new URL("../../../docs/audit.md", import.meta.url), "utf8");
  const [, json = ""] = /```json\n([^]*?)```/.exec(text) ?? [];
  expect(verified([JSON.parse(json) as AuditLine])).toMatch("1 entries, the last with the hash");
});

test.each<[string, (lines: readonly AuditLine[]) => readonly AuditLine[], number]>([
  ["that was changed", (all) => all.with(4, { ...all[4]!, subject: "eve" }), 5],
  ["whose time was changed", (all) => all.with(4, { ...all[4]!, time: all[5]!.time }), 5],
  ["that is missing", (all) => all.toSpliced(4, 1), 5],
  ["that was put in", (all) => all.toSpliced(4, 0, all[10]!), 5],
  ["in another place", (all) => all.with(4, all[5]!).with(5, all[4]!), 5],
])("it finds the first entry %s", (_, tamper, first) => {
  expect(verified(tamper(lines))).toBe(`entry ${first} `);
});
