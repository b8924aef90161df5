import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectComponents, fingerprintOf, machineEvidence } from "@leasehold/machine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { leasehold } from "./leasehold.ts";

interface Shown {
  readonly sent: {
    readonly fingerprint: {
      readonly salt: string;
      readonly components: Readonly<Record<string, string>>;
    } | null;
    readonly evidence: object;
  };
  readonly found: Readonly<Record<string, string>>;
  readonly missing: Readonly<Record<string, string>>;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leasehold fingerprint "));
});
afterEach(() => rm(directory, { recursive: true }));

async function shown(...flags: readonly string[]): Promise<Shown> {
  const { exitCode, out, err } = await leasehold([
    "fingerprint",
    "show",
    ...flags,
    "--output",
    "json",
  ]);
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out) as Shown;
}

test("what is shown is what unlocking sends, of every component that was found", async () => {
  const { sent, found, missing } = await shown("--directory", directory);
  const components = await collectComponents();
  expect(sent.evidence).toEqual(await machineEvidence());
  expect(found).toEqual(
    Object.fromEntries(components.found.map(({ name, value }) => [name, value])),
  );
  expect(missing).toEqual(
    Object.fromEntries(components.missing.map(({ name, why }) => [name, why])),
  );
  const salt = Buffer.from(
    (await readFile(join(directory, "fingerprint.salt"), "utf8")).trim(),
    "hex",
  );
  const fingerprint = fingerprintOf(components.found, salt);
  expect(sent.fingerprint).toEqual(
    fingerprint
      ? {
          salt: salt.toString("base64"),
          components: Object.fromEntries(
            [...fingerprint.components].map(([name, digest]) => [
              name,
              Buffer.from(digest).toString("base64"),
            ]),
          ),
        }
      : null,
  );
});

test("without a directory nothing is left behind, and the salt is another one each time", async () => {
  const [one, other] = [await shown(), await shown()];
  expect(one.found).toEqual(other.found);
  // In a container outside of Kubernetes there is none.
  const salts = [one, other].flatMap(({ sent }) => sent.fingerprint?.salt ?? []);
  expect(new Set(salts).size).toBe(salts.length);
});

test("for people it names what is missing, and why", async () => {
  const { out } = await leasehold(["fingerprint", "show", "--directory", directory]);
  expect(out).toMatch(/^sent$/m);
  expect(out).toMatch(/kubernetes-cluster +absent/);
});
