import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { matchFingerprint } from "@leasehold/machine/rules";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeMachine, type MachineSource, thisMachine } from "../src/index.ts";
import { unlock, type UnlockOptions } from "../src/unlock.ts";
import { FakeActivation } from "./fake-activation.ts";

let server: FakeActivation;
let home: string;
let directory: string;

beforeEach(async () => {
  server = await FakeActivation.start();
  home = await mkdtemp(join(tmpdir(), "leasehold machine "));
  directory = join(home, "licensing");
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const options = (more: Partial<UnlockOptions> = {}): UnlockOptions => ({
  activation: server.address,
  product: "products/studio",
  licenseeName: "Ada Lovelace",
  licenseeOrganization: "Acme",
  productKey: newProductKey(systemRandom).text,
  directory,
  trustRoot: server.root.publicKey,
  ...more,
});

/** A machine of two files. */
async function smallMachine(machineId: string): Promise<MachineSource> {
  const root = await mkdtemp(join(home, "root "));
  const files = { "etc/machine-id": machineId, "proc/sys/kernel/hostname": "mill" };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return thisMachine({ root, platform: "linux", environment: {} });
}

test("unlocking tells what `describeMachine` shows, and the salt is the same the next time", async () => {
  await unlock(options());
  await unlock(options());
  const { fingerprint, evidence } = await describeMachine(directory);
  for (const request of server.requests) {
    const { salt, components } = request.fingerprint ?? {};
    expect(salt && new Uint8Array(salt)).toEqual(fingerprint && new Uint8Array(fingerprint.salt));
    expect(Object.keys(components ?? {})).toEqual([...(fingerprint?.components.keys() ?? [])]);
    expect(request.evidence).toEqual(evidence);
  }
});

test("an application may tell of another machine, or of none", async () => {
  const { fingerprint, evidence } = await describeMachine(
    directory,
    await smallMachine("0f1b6a0d"),
  );
  await unlock(options({ machine: { fingerprint: fingerprint!, evidence } }));
  await unlock(options({ machine: {} }));
  await unlock(options({ machine: "none", directory: join(home, "untold") }));
  const [told, ...untold] = server.requests.map(({ fingerprint, evidence }) => ({
    fingerprint,
    evidence,
  }));
  expect(told?.evidence).toEqual(evidence);
  expect(Object.keys(told?.fingerprint?.components ?? {})).toEqual(["machine-id", "hostname"]);
  for (const { length } of Object.values(told?.fingerprint?.components ?? {}))
    expect(length).toBe(32);
  expect(untold).toEqual([
    { fingerprint: undefined, evidence: undefined },
    { fingerprint: undefined, evidence: undefined },
  ]);
  expect(await readdir(join(home, "untold"))).not.toContain("fingerprint.salt");
});

test("what is told holds nothing of the machine but digests", async () => {
  const described = await describeMachine(directory, await smallMachine("0f1b6a0d"));
  expect(described.components.found).toEqual([
    { name: "machine-id", value: "0f1b6a0d" },
    { name: "hostname", value: "mill" },
  ]);
  const digests = Buffer.concat([...described.fingerprint!.components.values()]);
  expect(digests.toString("latin1")).not.toMatch(/0f1b6a0d|mill/);
});

test("a machine that is described again is the same, and another installation's salt tells nothing", async () => {
  const machine = await smallMachine("0f1b6a0d");
  const first = await describeMachine(directory, machine);
  const again = await describeMachine(directory, machine);
  const elsewhere = await describeMachine(join(home, "elsewhere"), machine);
  expect(matchFingerprint(first.fingerprint!, again.fingerprint!).kind).toBe("same");
  expect(matchFingerprint(first.fingerprint!, elsewhere.fingerprint!).kind).toBe("incomparable");
});

test("the salt is for its owner alone, and one that is made twice at a time is one", async () => {
  const machine = await smallMachine("0f1b6a0d");
  const all = await Promise.all([1, 2, 3].map(() => describeMachine(directory, machine)));
  const path = join(directory, "fingerprint.salt");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const salt = (await readFile(path, "utf8")).trim();
  for (const { fingerprint } of all)
    expect(Buffer.from(fingerprint!.salt).toString("hex")).toBe(salt);
});

test("a spoilt salt is told, and no new one is made in its place", async () => {
  await describeMachine(directory, await smallMachine("0f1b6a0d"));
  await writeFile(join(directory, "fingerprint.salt"), "spoilt");
  await expect(describeMachine(directory)).rejects.toThrow("holds no salt");
  expect(await readFile(join(directory, "fingerprint.salt"), "utf8")).toBe("spoilt");
});
