import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  publicKeyOf,
  readRootSuccession,
  thumbprint,
} from "../packages/license-format/src/index.ts";

const SCRIPT = fileURLToPath(new URL("key-ceremony.ts", import.meta.url));
const FILES = ["key-encryption-key", "pepper", "trust-root-key"];

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "ceremony-"));
  folder = join(parent, "secrets");
});
afterEach(() => rmSync(parent, { recursive: true }));

function ceremony(...args: readonly string[]) {
  return spawnSync(process.execPath, ["--conditions=source", SCRIPT, ...args], {
    encoding: "utf8",
  });
}

function secret(name: string): Buffer {
  const text = readFileSync(join(folder, name), "utf8");
  expect(text).toMatch(/^[0-9a-f]{64}\n$/);
  return Buffer.from(text.trim(), "hex");
}

test("three different secrets are made that only their owner can read, and told by thumbprint", () => {
  const { status, stdout, stderr } = ceremony(folder);
  expect([status, stderr]).toEqual([0, ""]);
  expect(readdirSync(folder).toSorted()).toEqual(FILES);
  for (const name of FILES) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const [keyEncryptionKey, pepper, root] = FILES.map(secret) as [Buffer, Buffer, Buffer];
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(stdout.trimEnd().split("\n")).toEqual([
    `trust root, to pin: ${Buffer.from(publicKeyOf(root)).toString("hex")}`,
    `trust root, thumbprint: ${thumbprint(publicKeyOf(root))}`,
    `key-encryption key, SHA-256: ${sha256(keyEncryptionKey)}`,
    `pepper, SHA-256: ${sha256(pepper)}`,
  ]);
  const secrets = [keyEncryptionKey, pepper, root].map((bytes) => bytes.toString("hex"));
  expect(new Set(secrets).size).toBe(3);
  for (const text of secrets) expect(stdout).not.toContain(text);
});

test.each(FILES)("where there is a %s, it is not replaced, and nothing else is made", (name) => {
  ceremony(folder);
  for (const other of FILES) if (other !== name) rmSync(join(folder, other));
  writeFileSync(join(folder, name), "kept");
  const { status, stdout, stderr } = ceremony(folder);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(name);
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(join(folder, name), "utf8")).toBe("kept");
});

test.each([[[]], [["one", "two"]]])("with the arguments %j it says how it is called", (args) => {
  const { status, stderr } = ceremony(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^usage: key-ceremony <folder> /);
});

test("a root key is succeeded by another, which the former signs for", async () => {
  ceremony(folder);
  const next = join(parent, "next");
  const former = join(folder, "trust-root-key");
  const { status, stdout } = ceremony(
    next,
    "--succeed",
    former,
    "--deployment",
    "licenses.example.com",
  );
  expect(status).toBe(0);
  expect(readdirSync(next).toSorted()).toEqual(["root-succession", "trust-root-key"]);
  const token = readFileSync(join(next, "root-succession"), "utf8").trim();
  const root = Buffer.from(readFileSync(join(next, "trust-root-key"), "utf8").trim(), "hex");
  expect(await readRootSuccession(token)).toMatchObject({
    kind: "verified",
    claims: {
      deployment: "licenses.example.com",
      predecessor: publicKeyOf(secret("trust-root-key")),
      successor: publicKeyOf(root),
    },
  });
  expect(stdout).toContain(Buffer.from(publicKeyOf(root)).toString("hex"));
  expect(ceremony(next, "--succeed", former, "--deployment", "licenses.example.com").status).toBe(
    1,
  );
});

test.each([
  [["--succeed", "file"]],
  [["--deployment", "licenses.example.com"]],
  [["--succeed", "/dev/null", "--deployment", "licenses.example.com"]],
  [["--suceed", "file"]],
])("with %j nothing is made", (args) => {
  expect(ceremony(folder, ...args)).toMatchObject({ status: 1, stdout: "" });
  expect(readdirSync(parent)).toEqual([]);
});
