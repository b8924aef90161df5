import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { guardedFolder } from "@leasehold/testkit";
import { expect, test } from "vitest";
import type { BenchSettings } from "./bar.ts";
import { measureApart } from "./measure-apart.ts";

const settings = { seats: 7 } as BenchSettings;
const FAR_MS = 60_000;

async function measured(program: string, limitMs = FAR_MS) {
  await using folder = await guardedFolder("measure-apart");
  const file = join(folder.path, "program.mjs");
  await writeFile(file, program);
  return await measureApart({ program: pathToFileURL(file), name: "some-bar", settings, limitMs });
}

test("a bar is told its name and the settings, and its outcome comes back", async () => {
  const program = `process.on("message", ({ seats }) => {
    process.send({ figures: {}, details: { name: process.argv[2], seats }, failures: [] }, () => process.exit());
  });`;
  const { details, failures } = await measured(program);
  expect(details).toEqual({ name: "some-bar", seats: 7 });
  expect(failures).toEqual([]);
});

test("a bar whose process ends without a word is a failure", async () => {
  const { figures, failures } = await measured("process.exit(3);");
  expect(figures).toEqual({});
  expect(failures).toEqual(["its process ended with 3"]);
});

test("a bar that hangs is ended", async () => {
  const { failures } = await measured("setInterval(() => {}, 1_000);", 1_000);
  expect(failures).toEqual(["it took longer than 1 s"]);
});
