import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession, type Seat, type SeatSession, unlock } from "@leasehold/client";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leasehold, type Ran } from "./leasehold.ts";

// Who has my seat: what an administrator sees of the seats of a license, and does to them.

const LONG = { timeout: 15_000, interval: 200 };
const stack = new AsyncDisposableStack();
let cluster: Cluster;
let license: string;
let session: SeatSession;
let seats: readonly [ada: Seat, luigi: Seat];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "leasehold-seats-"));
  stack.defer(() => rm(folder, { recursive: true }));
  cluster = stack.use(await startCluster());
  await json("product", "create", "atlas", "--display-name", "Atlas", "--feature", "dataflow");
  const customer = ["--display-name", "Acme", "--reference-id", "ACME"];
  const { name } = await json("customer", "create", ...customer);
  const licensee = ["--licensee-name", "Ada", "--licensee-organization", "Acme"];
  const terms = "--product atlas --seats 2 --start 2026-01-01 --end 2037-01-01 --validity 5s";
  const issue = ["license", "issue", "--customer", String(name), ...licensee];
  license = String((await json(...issue, ...terms.split(" "), "--feature", "dataflow"))["name"]);
  const { secret } = await json("key", "create", license);
  const installation = await unlock({
    activation: cluster.addresses.activation,
    authorities: cluster.authorities,
    product: "products/atlas",
    licenseeName: "Ada",
    licenseeOrganization: "Acme",
    productKey: String(secret),
    directory: folder,
  });
  const { authorities } = cluster;
  const { seatBrokers } = cluster.addresses;
  session = stack.use(
    openSession({ installation, seatBrokers, authorities, application: "4.2.0" }),
  );
  // The seat-broker may have to hear of the license first.
  const acquire = (user: string) => vi.waitFor(() => session.acquire({ user }), LONG);
  seats = [await acquire("ada"), await acquire("luigi")];
}, 120_000);
afterAll(() => stack.disposeAsync());

const run = (...words: string[]): Promise<Ran> => leasehold(words, cluster);

async function json(...words: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await run(...words, "--output", "json");
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${err}`);
  return JSON.parse(out) as Record<string, unknown>;
}

async function listed(...words: string[]): Promise<readonly Record<string, unknown>[]> {
  return (await json(...words)) as unknown as readonly Record<string, unknown>[];
}

test("every holder is listed, with what it runs and since when", async () => {
  const { out } = await run("seat", "list", license);
  expect(out).toMatch(/^USER +HOST +APPLICATION VERSION +STATE +GRANT TIME /);
  expect(out).toMatch(/^ada +\S+ +4\.2\.0 +HELD +\d{4}-/m);
  expect(out).toMatch(/^luigi /m);
});

test("the list is filtered by flags", async () => {
  const names = async (...flags: string[]) =>
    (await listed("seat", "list", license, ...flags)).map(({ holder }) => holder);
  expect(await names("--user", "ada")).toMatchObject([{ user: "ada" }]);
  expect(await names("--state", "BORROWED")).toEqual([]);
  expect(await names("--feature", "dataflow")).toEqual([]);
});

test("the pool is shown", async () => {
  expect(await json("pool", "show", license)).toMatchObject({
    license,
    state: "ACTIVE",
    live: 2,
    waiting: 0,
    drained: false,
  });
});

test("a seat is taken back, and its holder is told why", async () => {
  const [ada] = seats;
  const told = new Promise((resolve) => ada.events.once("revoked", resolve));
  const [listing] = await listed("seat", "list", license, "--user", "ada");
  const words = ["seat", "revoke", String(listing?.["leaseId"]), "--reason", "for the release"];
  expect(await run(...words)).toMatchObject({ exitCode: 2, out: "" });
  expect(ada.held()).toBe(true);
  expect(await run(...words, "--yes")).toEqual({ exitCode: 0, out: "", err: "done\n" });
  expect(await told).toEqual({ reason: "for the release" });
});

test("a pool is drained and resumed", async () => {
  expect(await run("pool", "drain", license, "--yes")).toMatchObject({ exitCode: 0 });
  expect(await json("pool", "show", license)).toMatchObject({ drained: true });
  await expect(session.acquire({ user: "mary" })).rejects.toMatchObject({ reason: "POOL_DRAINED" });
  expect(await run("pool", "resume", license)).toMatchObject({ exitCode: 0 });
  expect(await json("pool", "show", license)).toMatchObject({ drained: false });
});

test("sessions and denials are listed, and exported as CSV", async () => {
  await vi.waitFor(async () => {
    const ended = await listed("usage", "sessions", license, "--state", "ENDED");
    expect(ended).toMatchObject([{ holder: { user: "ada" }, end: "REVOKED" }]);
  }, LONG);
  await vi.waitFor(async () => {
    const denials = await listed("usage", "denials", license, "--cause", "DRAINED");
    expect(denials).toMatchObject([{ holder: { user: "mary" }, cause: "DRAINED" }]);
  }, LONG);
  const { exitCode, out } = await run("usage", "export", license, "--table", "SESSIONS");
  expect(exitCode).toBe(0);
  const [heading = "", ...rows] = out.split("\r\n");
  expect(heading.split(",")).toContain("application_version");
  expect(rows.filter((row) => /ada|luigi/.test(row))).toHaveLength(2);
});

test("usage over time is told, and a span that is none is refused with its flag", async () => {
  const span = ["--from", "2026-01-01", "--until", "2026-01-31", "--resolution", "DAY"];
  expect(await json("usage", "show", license, ...span)).toMatchObject({ points: [], users: [] });
  const turned = ["--from", "2026-02-01", "--until", "2026-01-01"];
  const { exitCode, err } = await run("usage", "show", license, ...turned);
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^ {2}end_time \(--until\): /m);
});

test("what is not there is told", async () => {
  const other = license.replace(/.{12}$/, "000000000000");
  for (const words of [
    ["seat", "list", other],
    ["pool", "drain", other, "--yes"],
    ["usage", "sessions", other],
  ])
    expect(await run(...words)).toMatchObject({ exitCode: 1, out: "" });
});
