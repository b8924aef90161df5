import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem } from "@leasehold/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { discover, type DiscoverOptions } from "../src/discover.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leasehold-discover-"));
});
afterEach(() => rm(directory, { recursive: true }));

const published = [
  { name: "spare.example.com", port: 7403, priority: 20, weight: 0 },
  { name: "first.example.com.", port: 7404, priority: 10, weight: 0 },
];

/** Where to look, with what would be found in DNS, and which names were asked for there. */
function looking(given: DiscoverOptions = {}) {
  const asked: string[] = [];
  const options: DiscoverOptions = {
    directory,
    domain: "example.com",
    environment: {},
    resolveSrv: async (name) => {
      asked.push(name);
      return published;
    },
    ...given,
  };
  return { asked, options };
}

const withFile = (text: string) => writeFile(join(directory, "servers"), text);

test("what the application passes counts, whatever else names servers", async () => {
  await withFile("seat-broker file:1\n");
  const environment = { LEASEHOLD_SERVER: "environment:1" };
  const { options, asked } = looking({ addresses: ["a:1", "b:2"], environment });
  const found = { source: "application", addresses: ["a:1", "b:2"], inOrder: false };
  expect(await discover(options)).toEqual(found);
  expect(asked).toEqual([]);
});

test("the environment counts before the file, and the file before DNS", async () => {
  await withFile(
    "# ours\nactivation act:7402\nseat-broker one:7403 # the near one\nseat-broker two:7403\n",
  );
  const named = looking({ environment: { LEASEHOLD_SERVER: " x:1, [::1]:7403 " } });
  expect(await discover(named.options)).toMatchObject({
    source: "environment",
    addresses: ["x:1", "[::1]:7403"],
  });
  const listed = looking();
  expect(await discover(listed.options)).toMatchObject({
    source: "file",
    addresses: ["one:7403", "two:7403"],
  });
  expect([...named.asked, ...listed.asked]).toEqual([]);
});

test("DNS is asked last, and what it publishes is tried in its order", async () => {
  const { options, asked } = looking();
  const addresses = ["first.example.com:7404", "spare.example.com:7403"];
  expect(await discover(options)).toEqual({ source: "dns", addresses, inOrder: true });
  expect(asked).toEqual(["_leasehold-broker._tcp.example.com"]);
});

test("activation is looked for in the same places, by names of its own", async () => {
  const { options, asked } = looking({ kind: "activation" });
  expect(await discover(options)).toMatchObject({ source: "dns" });
  expect(asked).toEqual(["_leasehold-activation._tcp.example.com"]);
  await withFile("seat-broker one:7403\nactivation act:7402\n");
  expect(await discover(options)).toMatchObject({ source: "file", addresses: ["act:7402"] });
  const environment = { LEASEHOLD_SERVER: "no:1", LEASEHOLD_ACTIVATION: "yes:2" };
  expect(await discover({ ...options, environment })).toMatchObject({ addresses: ["yes:2"] });
});

async function reasonOf(options: DiscoverOptions): Promise<string> {
  const failure = await discover(options).catch((thrown: unknown) => thrown);
  if (!isProblem(failure)) throw failure;
  return failure.reason;
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

test.each([
  ["publishes nothing", failing("ENODATA")],
  ["knows no such name", failing("ENOTFOUND")],
  [
    "says that there is none",
    () => Promise.resolve([{ name: "", port: 0, priority: 0, weight: 0 }]),
  ],
])("where nothing names a server and DNS %s, there is none", async (_, resolveSrv) => {
  expect(await reasonOf(looking({ resolveSrv }).options)).toBe("NOT_FOUND");
});

test("a host of no domain asks DNS for nothing", async () => {
  const { options, asked } = looking({ domain: "" });
  expect(await reasonOf(options)).toBe("NOT_FOUND");
  expect(asked).toEqual([]);
});

test("DNS that does not answer is told apart from DNS that knows nothing", async () => {
  const { options } = looking({ resolveSrv: failing("ETIMEOUT") });
  expect(await reasonOf(options)).toBe("DEPENDENCY_UNAVAILABLE");
});

test.each(["host", "host:", "host:70x", "http://host:1", "two words:1"])(
  "%j is no address, in the environment or in the file",
  async (address) => {
    const environment = { LEASEHOLD_SERVER: `fine:1,${address}` };
    expect(await reasonOf(looking({ environment }).options)).toBe("INVALID_REQUEST");
    await withFile(`seat-broker ${address}\n`);
    expect(await reasonOf(looking().options)).toBe("INVALID_REQUEST");
  },
);
