import { createHash } from "node:crypto";
import { seatBroker } from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";
import { type Client, client, connect } from "@leasehold/rpc-client";
import { bearerAuthenticator, serve } from "@leasehold/service-kit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { pageTokens } from "../src/domain/page-token.ts";
import type { Pool } from "../src/domain/pool.ts";
import { usageService } from "../src/rpc/usage-service.ts";
import { takeEntries } from "../src/use-cases/take-entries.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { someUuid } from "./some-pool.ts";
import {
  INSTALLATION,
  MIDNIGHT,
  MINUTE_MS,
  type Said,
  writtenLedger,
  type WrittenLedger,
} from "./written-ledger.ts";

type UsageClient = Client<typeof seatBroker.UsageServiceDefinition>;

const { DenialCause, DenialOutcome, SessionEnd, SessionState, UsageResolution, UsageTable } =
  seatBroker;
const HOUR_MS = 60 * MINUTE_MS;
const NO_SESSION_FILTER = {
  user: "",
  host: "",
  installation: "",
  feature: "",
  state: SessionState.UNSPECIFIED,
  startTime: undefined,
  endTime: undefined,
};
const NO_DENIAL_FILTER = {
  cause: DenialCause.UNSPECIFIED,
  outcome: DenialOutcome.UNSPECIFIED,
  user: "",
  host: "",
  startTime: undefined,
  endTime: undefined,
};

let stack: AsyncDisposableStack;
let ledger: WrittenLedger;
let desk: UsageClient;
let stranger: UsageClient;
let pool: Pool;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ledger = stack.use(await writtenLedger());
  const { reader, pools } = ledger;
  const tokens = pageTokens(new Uint8Array(32).fill(7));
  const silent = () => undefined;
  const server = stack.use(
    await serve({
      address: "127.0.0.1:0",
      bindings: [usageService({ reader, pools, clock: systemClock, pageTokens: tokens })],
      authenticate: bearerAuthenticator([
        administrator("desk", "usage.read"),
        administrator("other", "seats.read"),
      ]),
      log: { debug: silent, info: silent, warn: silent, error: silent },
    }),
  );
  const channel = stack.use(connect(server.address));
  const called = (secret: string) =>
    client(seatBroker.UsageServiceDefinition, channel, {
      metadata: () => ({ authorization: `Bearer ${secret}` }),
    });
  [desk, stranger] = [called("desk"), called("other")];
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  pool = await ledger.license();
});

function administrator(secret: string, permission: string) {
  const sha256 = createHash("sha256").update(secret).digest();
  const permissions = new Set([permission]);
  return { sha256, principal: { kind: "administrator", subject: secret, permissions } } as const;
}

async function write(kind: string, said: Said = {}) {
  const lease = await ledger.write(pool.license, kind, said);
  await takeEntries(ledger, [pool.license]);
  return lease;
}

const factsOf = (user: string, host: string) => ({ facts: JSON.stringify([user, host]) });
const listSessions = (filter: Partial<typeof NO_SESSION_FILTER> & object = {}, page = {}) =>
  desk.listSessions({
    parent: pool.name,
    pageSize: 0,
    pageToken: "",
    filter: { ...NO_SESSION_FILTER, ...filter },
    ...page,
  });
const listDenials = (filter: object = {}, page = {}) =>
  desk.listDenials({
    parent: pool.name,
    pageSize: 0,
    pageToken: "",
    filter: { ...NO_DENIAL_FILTER, ...filter },
    ...page,
  });
const exported = async (table: seatBroker.UsageTable, range = {}) => {
  const chunks: Buffer[] = [];
  const request = { parent: pool.name, table, startTime: undefined, endTime: undefined, ...range };
  for await (const { csv } of desk.exportUsage(request)) chunks.push(csv);
  return Buffer.concat(chunks).toString("utf8");
};

test("a session is told with its holder, its claim and its end", async () => {
  const lease = await write("grant", { features: "dataflow", seats: 2, borrowed: 1 });
  await write("end", { lease, at: MIDNIGHT + MINUTE_MS, reason: "REVOKED" });
  const { sessions, nextPageToken } = await listSessions();
  expect(nextPageToken).toBe("");
  expect(sessions).toMatchObject([
    {
      holder: {
        installation: `installations/${INSTALLATION}`,
        user: "ada",
        host: "difference",
        process: "17",
        applicationVersion: "1.0",
      },
      address: "10.0.0.7",
      claim: { seats: 2, features: ["dataflow"] },
      fencingToken: (1n << 32n) | 7n,
      grantTime: new Date(MIDNIGHT),
      endTime: new Date(MIDNIGHT + MINUTE_MS),
      end: SessionEnd.REVOKED,
      borrowed: true,
      overdraft: false,
    },
  ]);
  expect(sessions[0]?.leaseId).toHaveLength(32);
});

test("each field of the filter narrows sessions down", async () => {
  const other = someUuid();
  const ada = await write("grant", { features: "dataflow" });
  await write("end", { lease: ada, at: MIDNIGHT + MINUTE_MS });
  const by = Buffer.from(other.replaceAll("-", ""), "hex").toString("base64url");
  await write("grant", { ...factsOf("bob", "castle"), by, at: MIDNIGHT + HOUR_MS });
  const users = async (filter: object) =>
    (await listSessions(filter)).sessions.map(({ holder }) => holder?.user);
  expect(await users({})).toEqual(["bob", "ada"]);
  expect(await users({ user: "ada" })).toEqual(["ada"]);
  expect(await users({ host: "castle" })).toEqual(["bob"]);
  expect(await users({ installation: `installations/${other}` })).toEqual(["bob"]);
  expect(await users({ feature: "dataflow" })).toEqual(["ada"]);
  expect(await users({ state: SessionState.OPEN })).toEqual(["bob"]);
  expect(await users({ state: SessionState.ENDED })).toEqual(["ada"]);
  expect(await users({ startTime: new Date(MIDNIGHT + MINUTE_MS) })).toEqual(["bob"]);
  expect(await users({ endTime: new Date(MIDNIGHT + HOUR_MS) })).toEqual(["ada"]);
});

test("pages go through all sessions, those of one instant too", async () => {
  for (let i = 0; i < 7; i++)
    await ledger.write(pool.license, "grant", {
      ...factsOf(`user ${i}`, ""),
      at: MIDNIGHT + (i >> 2),
    });
  await takeEntries(ledger, [pool.license]);
  const seen = new Set<string | undefined>();
  let met = 0;
  let pageToken = "";
  do {
    const page = await listSessions({}, { pageSize: 3, pageToken });
    for (const { holder } of page.sessions) seen.add(holder?.user);
    met += page.sessions.length;
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(seen).toEqual(new Set(Array.from({ length: 7 }, (_, i) => `user ${i}`)));
  expect(met).toBe(7);
});

test("a page token is good for its own filter and license only", async () => {
  await write("grant");
  await write("grant");
  const { nextPageToken } = await listSessions({}, { pageSize: 1 });
  expect(nextPageToken).not.toBe("");
  expect(await reasonOf(listSessions({ user: "ada" }, { pageToken: nextPageToken }))).toBe(
    "INVALID_REQUEST",
  );
  expect(await reasonOf(listDenials({}, { pageToken: nextPageToken }))).toBe("INVALID_REQUEST");
  pool = await ledger.license();
  expect(await reasonOf(listSessions({}, { pageToken: nextPageToken }))).toBe("INVALID_REQUEST");
});

test("true denials are told apart from those that were served", async () => {
  await write("deny", { cause: "FEATURE_FULL", feature: "diagrams", waiting: 2 });
  await write("deny", { ...factsOf("bob", "castle"), at: MIDNIGHT + 1 });
  await write("grant", { ...factsOf("bob", "castle"), at: MIDNIGHT + MINUTE_MS });
  while (await ledger.usage.rollUp(MIDNIGHT + HOUR_MS));
  const all = await listDenials();
  expect(all.denials).toMatchObject([
    { outcome: DenialOutcome.SERVED, grantTime: new Date(MIDNIGHT + MINUTE_MS) },
    {
      outcome: DenialOutcome.TRUE,
      cause: DenialCause.FEATURE_FULL,
      feature: "diagrams",
      waiting: 2,
      live: 3,
      attempts: 1,
    },
  ]);
  const users = async (filter: object) =>
    (await listDenials(filter)).denials.map(({ holder }) => holder?.user);
  expect(await users({ outcome: DenialOutcome.TRUE })).toEqual(["ada"]);
  expect(await users({ cause: DenialCause.FULL })).toEqual(["bob"]);
  expect(await users({ user: "bob" })).toEqual(["bob"]);
  expect(await users({ host: "difference" })).toEqual(["ada"]);
  expect(await users({ startTime: new Date(MIDNIGHT + 1) })).toEqual(["bob"]);
  expect(await users({ endTime: new Date(MIDNIGHT + 1) })).toEqual(["ada"]);
});

test("usage is told over time, with the high-water mark and who used most", async () => {
  const lease = await write("grant", { seats: 2, live: 2, features: "dataflow" });
  await write("end", { lease, at: MIDNIGHT + 20 * MINUTE_MS });
  await write("deny", factsOf("bob", "castle"));
  while (await ledger.usage.rollUp(MIDNIGHT + HOUR_MS));
  const wanted = {
    parent: pool.name,
    startTime: new Date(MIDNIGHT + 1),
    endTime: new Date(MIDNIGHT + HOUR_MS),
    resolution: UsageResolution.UNSPECIFIED,
    feature: "",
  };
  const usage = await desk.getUsage(wanted);
  expect(usage.points).toMatchObject([
    { startTime: new Date(MIDNIGHT), peak: 2, average: 2, seats: 3, grants: 1, trueDenials: 1 },
    { peak: 2, average: 2 / 3, grants: 0, denials: 0 },
  ]);
  expect(usage.highWaterMark).toEqual(usage.points[0]);
  expect(usage.users).toMatchObject([
    { key: "ada", seatTime: { seconds: 2_400n, nanos: 0 }, sessions: 1 },
  ]);
  expect(usage.features).toMatchObject([{ key: "dataflow" }]);
  expect(usage.countedUntilTime).toEqual(new Date(MIDNIGHT + HOUR_MS));
  expect(usage.droppedEntries).toBe(0n);
  const day = await desk.getUsage({ ...wanted, resolution: UsageResolution.DAY });
  expect(day.points).toMatchObject([{ startTime: new Date(MIDNIGHT), peak: 2 }]);
  const feature = await desk.getUsage({ ...wanted, feature: "diagrams" });
  expect(feature.points).toEqual([]);
  expect(feature.highWaterMark).toBeUndefined();
});

test("nothing is told of a license that nobody used", async () => {
  const usage = await desk.getUsage({
    parent: pool.name,
    startTime: new Date(MIDNIGHT),
    endTime: new Date(MIDNIGHT + 1),
    resolution: UsageResolution.DAY,
    feature: "",
  });
  expect(usage).toMatchObject({ points: [], users: [], countedUntilTime: undefined });
});

test("an export has a header and a row for each session, whatever the names are", async () => {
  const lease = await write("grant", factsOf('=cmd|"/c calc"!A1', 'a,b "c"'));
  const [header, row, end] = (await exported(UsageTable.SESSIONS)).split("\r\n");
  expect(header).toBe(
    "lease,user,host,process,application_version,installation,address,seats,features,fencing_token,grant_time,end_time,end,overdraft,borrowed",
  );
  expect(row).toBe(
    `${lease},"'=cmd|""/c calc""!A1","a,b ""c""",,,installations/${INSTALLATION},,1,,4294967303,2026-01-05T00:00:00.000Z,,,false,false`,
  );
  expect(end).toBe("");
});

test("an export of many rows has each once", async () => {
  const leases: string[] = [];
  for (let i = 0; i < 1_001; i++)
    leases.push(await ledger.write(pool.license, "grant", { at: MIDNIGHT + Math.floor(i / 9) }));
  await takeEntries(ledger, [pool.license]);
  const rows = (await exported(UsageTable.SESSIONS)).split("\r\n").slice(1, -1);
  expect(rows.map((row) => row.slice(0, 36)).toSorted()).toEqual(leases.toSorted());
});

test("denials and usage are exported within a range", async () => {
  await write("deny");
  await write("deny", { ...factsOf("bob", "castle"), at: MIDNIGHT + HOUR_MS });
  while (await ledger.usage.rollUp(MIDNIGHT + 2 * HOUR_MS));
  const range = { startTime: new Date(MIDNIGHT + 1) };
  const denials = (await exported(UsageTable.DENIALS, range)).split("\r\n");
  expect(denials).toHaveLength(3);
  expect(denials[1]).toContain(",bob,castle,");
  expect(await exported(UsageTable.USAGE, range)).toBe(
    "start_time,feature,peak,average,seats,grants,denials,true_denials\r\n" +
      "2026-01-05T01:00:00.000Z,,0,0.000,3,0,1,1\r\n",
  );
});

test("what is wrong with a request is told field by field", async () => {
  const bad = { parent: "x", pageSize: -1, pageToken: "x" };
  const filter = { ...NO_SESSION_FILTER, installation: "ada", user: "a".repeat(201) };
  const problem = await problemOf(desk.listSessions({ ...bad, filter }));
  expect(problem.reason).toBe("INVALID_REQUEST");
  expect(problem.violations.map(({ field }) => field).toSorted()).toEqual(
    ["filter.installation", "filter.user", "page_size", "page_token", "parent"].toSorted(),
  );
  const range = { startTime: new Date(MIDNIGHT), endTime: new Date(MIDNIGHT + 32 * 24 * HOUR_MS) };
  const resolution = UsageResolution.QUARTER_HOUR;
  expect(
    await reasonOf(desk.getUsage({ parent: pool.name, ...range, resolution, feature: "" })),
  ).toBe("INVALID_REQUEST");
  expect(await reasonOf(exported(UsageTable.UNSPECIFIED))).toBe("INVALID_REQUEST");
});

test("a license of another name is none", async () => {
  const parent = pool.name.replace("acme", "other");
  const found = desk.listSessions({ parent, pageSize: 0, pageToken: "", filter: undefined });
  expect(await reasonOf(found)).toBe("NOT_FOUND");
});

test("who may not read usage is told nothing", async () => {
  const request = { parent: pool.name, pageSize: 0, pageToken: "" };
  const calls = [
    stranger.listSessions({ ...request, filter: undefined }),
    stranger.listDenials({ ...request, filter: undefined }),
  ];
  for (const call of calls) expect(await reasonOf(call)).toBe("PERMISSION_DENIED");
});
