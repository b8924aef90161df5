import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Server } from "./call-services.ts";
import type { JsonObject } from "./json.ts";
import { runProgram } from "./program.ts";
import { runCommand } from "./run-command.ts";
import { runLocal } from "./run-local.ts";
import type { Terminal } from "./terminal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leasehold-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs what was typed with an issuer that answers so; `answer` is what a person says when asked. */
async function run(words: readonly string[], responses: readonly JsonObject[], answer?: string) {
  const sent: JsonObject[] = [];
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    environment: { LEASEHOLD_ISSUER: "issuer:1", LEASEHOLD_SEAT_BROKER: "broker:1" },
    interactive: answer !== undefined,
    colour: false,
    out: async (text) => void (out += text),
    err: (text) => void (err += text),
    ask: async () => answer ?? "",
  };
  const left = [...responses];
  const server: Server = {
    call: async (_, request) => {
      sent.push(request);
      const response = left.shift();
      if (!response) throw new Problem("DEPENDENCY_UNAVAILABLE");
      return response;
    },
    stream: async function* (_, request) {
      sent.push(request);
      yield* left;
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const exitCode = await runProgram(words, terminal, (typed) =>
    typed.command.kind === "local"
      ? runLocal({ ...typed, command: typed.command }, terminal)
      : runCommand(
          { ...typed, command: typed.command },
          { terminal, openServer: async () => server },
        ),
  );
  return { exitCode, out, err, sent };
}

test("a list goes on until it has as many as are asked for", async () => {
  const page = (names: string[], nextPageToken: string) => ({
    products: names.map((name) => ({ name })),
    nextPageToken,
  });
  const pages = [page(["a", "b"], "t1"), page(["c"], "t2")];
  const { out, err, sent } = await run(
    ["product", "list", "--limit", "3", "--output", "json"],
    pages,
  );
  expect(JSON.parse(out)).toEqual([{ name: "a" }, { name: "b" }, { name: "c" }]);
  expect(sent).toEqual([
    { pageSize: 3, pageToken: "" },
    { pageSize: 1, pageToken: "t1" },
  ]);
  expect(err).toContain("more than 3");
});

test("whoever is asked and says no does nothing", async () => {
  const words = ["license", "revoke", "customers/c/licenses/l"];
  expect(await run(words, [], "n")).toMatchObject({ exitCode: 1, sent: [], out: "" });
  const { sent, exitCode } = await run(words, [{ license: { name: "l" } }], "y");
  expect([exitCode, sent.length]).toEqual([0, 1]);
});

test("product keys go to a file that its owner alone may read, and are not printed", async () => {
  const csv = join(folder, "keys.csv");
  const keys = [{ secret: "2AAAA", productKey: { name: '=a"b', hint: "2A", createTime: "t" } }];
  const words = ["key", "generate", "customers/c/licenses/l", "--count", "1", "--csv", csv];
  const { exitCode, out, err } = await run(words, [{ keys, made: 1 }]);
  expect([exitCode, out, err]).toEqual([0, "", `1 keys are in ${csv}\n`]);
  expect(await readFile(csv, "utf8")).toBe(
    `product_key,name,hint,create_time\r\n2AAAA,"'=a""b",2A,t\r\n`,
  );
  expect((await stat(csv)).mode & 0o777).toBe(0o600);
  expect(await run(words, [])).toMatchObject({ exitCode: 2 });
});

test("what is taken from a holder is asked before, and carries no id", async () => {
  const words = ["seat", "revoke", "bGVhc2U=", "--reason", "audit"];
  expect(await run(words, [], "n")).toMatchObject({ exitCode: 1, sent: [] });
  const taken = { exitCode: 0, out: "", sent: [{ leaseId: "bGVhc2U=", reason: "audit" }] };
  expect(await run(words, [{}], "y")).toMatchObject(taken);
  expect(await run([...words, "--yes"], [{}])).toMatchObject({ ...taken, err: "done\n" });
  expect((await run(words, [{}])).err).toMatch(/say --yes\n$/);
});

test("what is given back is not asked about", async () => {
  const license = "customers/c/licenses/l";
  const resumed = { exitCode: 0, out: "", err: "done\n", sent: [{ license }] };
  expect(await run(["pool", "resume", license], [{}])).toEqual(resumed);
  expect((await run(["pool", "resume", license, "--output", "json"], [{}])).out).toBe("{}\n");
});

test("CSV is written as it comes, whatever output is asked for", async () => {
  const csv = (text: string) => ({ csv: Buffer.from(text).toString("base64") });
  const chunks = [csv("user,host\r\n"), csv("Zoë,mill\r\n")];
  const words = ["usage", "export", "customers/c/licenses/l", "--table", "SESSIONS"];
  expect((await run(words, chunks)).out).toBe("user,host\r\nZoë,mill\r\n");
});

test("one thing with tables in it shows what stands beside them, then each that has rows", async () => {
  const usage = {
    points: [{ startTime: "2026-01-01T00:00:00Z", peak: 3, average: 1.5, seats: 5 }],
    highWaterMark: { startTime: "2026-01-01T00:00:00Z", peak: 3 },
    users: [{ key: "ada", seatTime: "90s", sessions: 2 }],
    hosts: [],
  };
  const words = ["usage", "show", "customers/c/licenses/l", "--from", "2026-01-01"];
  const { out, sent } = await run([...words, "--until", "2026-02-01"], [usage]);
  expect(sent).toMatchObject([{ startTime: "2026-01-01T00:00:00Z" }]);
  expect(out).toBe(
    [
      "high water mark",
      "  start time  2026-01-01T00:00:00Z",
      "  peak        3",
      "",
      "points",
      "START TIME            PEAK  AVERAGE  SEATS  GRANTS  DENIALS  TRUE DENIALS",
      "2026-01-01T00:00:00Z  3     1.5      5",
      "",
      "users",
      "KEY  SEAT TIME  SESSIONS",
      "ada  90s        2",
      "",
    ].join("\n"),
  );
});

test("audit entries are exported one a line", async () => {
  const responses = [
    { auditEntries: [{ sequence: "1" }, { sequence: "2" }] },
    { auditEntries: [] },
  ];
  expect((await run(["audit", "export"], responses)).out).toBe(
    '{"sequence":"1"}\n{"sequence":"2"}\n',
  );
});

test("the verdict on the record is its last response, and a fault is an exit code", async () => {
  const verdict = (fault: string) => [
    { entries: "1", firstFault: "0", fault: "" },
    { entries: "2", firstFault: fault && "2", fault },
  ];
  expect(await run(["audit", "verify"], verdict(""))).toMatchObject({ exitCode: 0 });
  expect(await run(["audit", "verify"], verdict("changed"))).toMatchObject({ exitCode: 1 });
  expect(await run(["audit", "verify"], [])).toMatchObject({ exitCode: 1 });
});
