import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePort } from "@leasehold/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

let folder = "";
let tokens = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "service-kit-"));
  tokens = join(folder, "tokens.json");
  await writeFile(tokens, "[]");
});
afterAll(() => rm(folder, { recursive: true }));

const main = fileURLToPath(new URL("fixtures/sample-main.ts", import.meta.url));

/** What a failed test leaves running. */
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

function run(env: Readonly<Record<string, string>>, ...args: readonly string[]): Run {
  const child = spawn(process.execPath, ["--conditions=source", main, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, err]) => ({ code: code as number, out, err }),
  );
  return { child, ended };
}

const settings = (deployment = "dev.leasehold.local") => ({
  SAMPLE_DEPLOYMENT: deployment,
  SAMPLE_BEARER_TOKENS_FILE: tokens,
  SAMPLE_DRAIN: "1s",
});

const messages = (out: string): readonly string[] =>
  out
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

test("a service says where it serves, and lets go in reverse order upon SIGTERM", async () => {
  const { child, ended } = run(settings());
  child.stdout!.once("data", () => child.kill("SIGTERM"));
  const { code, out } = await ended;
  expect(JSON.parse(out.split("\n")[0]!)).toMatchObject({
    msg: "serving",
    service: "sample",
    address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
  });
  expect(messages(out)).toEqual(["serving", "stopping", "letting go", "store closed", "stopped"]);
  expect(code).toBe(0);
});

test("a service whose log nobody reads any more still stops", async () => {
  const child = spawn(process.execPath, ["--conditions=source", main], {
    env: { PATH: process.env["PATH"], ...settings() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a service that a task of its own stops ends with 1, in order", async () => {
  const { code, out } = await run(settings("failing")).ended;
  expect(messages(out)).toEqual([
    "serving",
    "stopping over a failure",
    "letting go",
    "store closed",
    "stopped",
  ]);
  expect(code).toBe(1);
});

test("an error that nobody caught ends the service with 1, in order", async () => {
  const { code, out } = await run(settings("throwing")).ended;
  expect(messages(out)).toEqual([
    "serving",
    "an error that nobody caught",
    "letting go",
    "store closed",
    "stopped",
  ]);
  expect(code).toBe(1);
});

test("a service that cannot be put together ends with 1, and lets go of what it had", async () => {
  const { code, out } = await run(settings("broken")).ended;
  expect(messages(out)).toEqual(["serving", "letting go", "store closed", "the service failed"]);
  expect(code).toBe(1);
});

test("a configuration that cannot be used ends with 78, and tells all that is wrong", async () => {
  const { code, out, err } = await run({ SAMPLE_DRAIN: "soon", SAMPLE_LISTENS: "x" }).ended;
  expect(code).toBe(78);
  expect(out).toBe("");
  for (const name of [
    "SAMPLE_DEPLOYMENT",
    "SAMPLE_BEARER_TOKENS_FILE",
    "SAMPLE_DRAIN",
    "SAMPLE_LISTENS",
  ])
    expect(err).toContain(`  ${name} `);
});

test("--check-config tells whether the configuration can be used, and starts nothing", async () => {
  expect(await run(settings(), "--check-config").ended).toEqual({
    code: 0,
    out: "the configuration is usable\n",
    err: "",
  });
  expect(await run({}, "--check-config").ended).toMatchObject({ code: 78, out: "" });
});

test("--env-example prints every setting", async () => {
  const { code, out } = await run({}, "--env-example").ended;
  expect(code).toBe(0);
  expect(out).toContain("# SAMPLE_LISTEN=127.0.0.1:0\n");
  expect(out).toContain("\nSAMPLE_BEARER_TOKENS_FILE=\n");
});

test("--probe asks the service that runs beside it whether it serves", async () => {
  const probed = { ...settings(), SAMPLE_HEALTH_LISTEN: `127.0.0.1:${await freePort()}` };
  const { child, ended } = run(probed);
  await once(child.stdout!, "data");
  expect(await run(probed, "--probe").ended).toEqual({ code: 0, out: "", err: "" });
  child.kill("SIGTERM");
  await ended;
  expect(await run(probed, "--probe").ended).toMatchObject({ code: 1, out: "" });
});

test("--probe without a listener for probes says which setting is missing", async () => {
  const { code, err } = await run(settings(), "--probe").ended;
  expect(err).toContain("HEALTH_LISTEN");
  expect(code).toBe(1);
});

test("--migrate brings the database up to date, and serves nothing", async () => {
  const { code, out } = await run(settings(), "--migrate").ended;
  expect(JSON.parse(out)).toMatchObject({
    msg: "the database is up to date",
    applied: ["0001_first"],
  });
  expect(code).toBe(0);
});

test("--migrate ends with 1 where it cannot, and says why", async () => {
  const { code, out } = await run(settings("broken"), "--migrate").ended;
  expect(JSON.parse(out)).toMatchObject({ err: { message: "cannot migrate" } });
  expect(code).toBe(1);
});
