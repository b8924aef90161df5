import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleClient, SHARED } from "./bundle-client.ts";

const CLIENT = "packages/client";
const folder = mkdtempSync(join(CLIENT, "bundle-"));
/** The text of each file of the bundle. */
let bundled: ReadonlyMap<string, string>;

/** From the sources, so that nothing has to be built before. */
beforeAll(async () => {
  await bundleClient("src/index.ts", basename(folder), ["source"]);
  const files = globSync("*.js", { cwd: folder });
  bundled = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program beside the client prints. */
function printed(program: string): unknown {
  const flags = ["--conditions=source", "--input-type=module"];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--eval", program], {
    cwd: CLIENT,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const imported = `import * as bundle from "./${basename(folder)}/index.js";`;

test("the bundle exports what the package does", () => {
  const [bundle, sources] = printed(`${imported}
    import * as sources from "@leasehold/client";
    console.log(JSON.stringify([Object.keys(bundle), Object.keys(sources)]));`) as string[][];
  expect(bundle).toContain("unlock");
  expect(bundle).toEqual(sources);
});

/** What a file loads, with what it loads in turn, of packages; without what it loads later. */
function loadedBy(file: string): readonly string[] {
  const imports = bundled.get(file)?.matchAll(/^(?:import|export)\b[^;]*?"([^"]+)";$/gm) ?? [];
  const names = Array.from(imports, ([, name = ""]) => name);
  const packages = names.flatMap((name) =>
    name.startsWith("./") ? loadedBy(name.slice(2)) : [name],
  );
  return [...new Set(packages)].filter((name) => !name.startsWith("node:")).toSorted();
}

test("it loads what an application may have to do with too, Node, and nothing else", () => {
  expect(loadedBy("index.js")).toEqual(["@leasehold/kernel", "@opentelemetry/api"]);
  expect([...bundled.values()].join("\n")).not.toContain("import.meta");
});

test("gRPC is loaded later, where a service is reached", () => {
  expect(bundled.get("index.js")).toContain('import("./reach-service.js")');
  expect([...new Set([...bundled.keys()].flatMap(loadedBy))].toSorted()).toEqual(SHARED);
});

test("it has the services that the client calls, and no others", () => {
  const text = [...bundled.values()].join("\n");
  const services = Array.from(
    text.matchAll(/fullName: "leasehold\.(.+)"/g),
    ([, name = ""]) => name,
  );
  expect(services.toSorted()).toEqual([
    "activation.v1.ActivationService",
    "activation.v1.InstallationService",
    "seatbroker.v1.SeatBrokerService",
  ]);
});

test("what it throws is the problem that an application knows", () => {
  const told = printed(`${imported}
    import { isProblem } from "@leasehold/kernel";
    const failure = await bundle
      .unlock({ directory: "never-made", activation: "127.0.0.1:1", productKey: "mistyped" })
      .catch((error) => error);
    console.log(JSON.stringify(isProblem(failure, "KEY_CHECK")));`);
  expect(told).toBe(true);
});

test("licenses of what others wrote are told beside it", () => {
  const notices = readFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), "utf8");
  const packages = Array.from(
    notices.matchAll(/^(\S+) \d+\.\d+\.\d+, (.+)$/gm),
    ([, name]) => name,
  );
  expect(packages).toEqual(["@bufbuild/protobuf", "jose"]);
  expect(notices).toContain("Copyright 2008 Google Inc.");
  expect(notices).toContain("Copyright (c) 2018 Filip Skokan");
});
