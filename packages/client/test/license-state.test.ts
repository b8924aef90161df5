import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@leasehold/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clockMarkFiles } from "../src/clock-mark-files.ts";
import { BEHIND_ALLOWANCE_MS } from "../src/clock-mark.ts";
import type { Installation } from "../src/installation.ts";
import type { LicenseStanding } from "../src/license-standing.ts";
import { licenseState } from "../src/license-state.ts";
import { StandingKeeper } from "../src/standing-keeper.ts";
import { someInstallation } from "./some-installation.ts";

const DAY_MS = 86_400_000;
const COPIES = ["clock-mark", "clock-mark.copy"] as const;

let directory: string;
let installation: Installation;
let clock: ReturnType<typeof manualClock>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leasehold-state-"));
  clock = manualClock();
  const certified = { issuedAt: clock.now(), refreshBy: clock.now() + 400 * DAY_MS };
  installation = { ...someInstallation([], directory), ...certified };
});
afterEach(() => rm(directory, { recursive: true }));

const look = (): Promise<LicenseStanding> => licenseState(installation, { clock });
const files = (): Promise<string[]> =>
  Promise.all(COPIES.map((name) => readFile(join(directory, name), "utf8")));

test("a new installation is in order, and remembers the time twice", async () => {
  expect(await look()).toMatchObject({ state: "ok", clock: "unknown" });
  const [one, other] = await files();
  expect(one).toBe(other);
  expect(await look()).toMatchObject({ state: "ok", clock: "in-order" });
  expect((await readdir(directory)).sort()).toEqual([...COPIES]);
});

test("a clock that was set back between two starts is told", async () => {
  await look();
  clock.step(-2 * DAY_MS);
  expect(await look()).toMatchObject({ state: "grace", cause: "clock-behind", clock: "behind" });
  clock.step(2 * DAY_MS);
  expect(await look()).toMatchObject({ state: "ok", clock: "in-order" });
});

test.each([
  ["missing", (path: string) => rm(path)],
  ["empty", (path: string) => writeFile(path, "")],
  ["of other text", (path: string) => writeFile(path, "leasehold-clock-1 1 - 00\n")],
  [
    "edited",
    async (path: string) => {
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace(/^(\S+ )\d+/, "$11"));
    },
  ],
])("a copy that is %s is healed from the other one, whichever it is", async (_, spoil) => {
  for (const name of COPIES) {
    await look();
    const [whole] = await files();
    await spoil(join(directory, name));
    clock.step(-2 * DAY_MS);
    expect(await clockMarkFiles(installation).read()).toBeDefined();
    expect(await files()).toEqual([whole, whole]);
    expect(await look()).toMatchObject({ clock: "behind" });
    clock.step(2 * DAY_MS);
  }
});

test("copies of two times are as the later one", async () => {
  await look();
  const [earlier] = await files();
  clock.advance(DAY_MS);
  await look();
  await writeFile(join(directory, COPIES[0]), earlier ?? "");
  expect(await clockMarkFiles(installation).read()).toEqual({ seen: clock.now() });
});

test("without both copies nothing is known, and nothing is held against anybody", async () => {
  await look();
  for (const name of COPIES) await rm(join(directory, name));
  clock.step(-2 * DAY_MS);
  expect(await look()).toMatchObject({ state: "ok", clock: "unknown" });
  for (const name of COPIES) await writeFile(join(directory, name), "spoilt");
  expect(await look()).toMatchObject({ state: "ok", clock: "unknown" });
});

test("marks that another installation wrote do not count", async () => {
  await look();
  clock.step(-2 * DAY_MS);
  const other = { ...installation, mac: (text: string) => installation.mac(`other ${text}`) };
  expect(await clockMarkFiles(other).read()).toBeUndefined();
});

test("a directory that cannot be written is no reason to stop", async () => {
  const nowhere = { ...installation, directory: join(directory, "nowhere") };
  expect(await licenseState(nowhere, { clock })).toMatchObject({ state: "ok", clock: "unknown" });
});

/** A session's keeper, which notes each other standing that it is told. */
function keeper() {
  const told: string[] = [];
  let offset = 0;
  const keeping = new StandingKeeper({
    files: clockMarkFiles(installation),
    clock,
    elapsed: () => clock.monotonic(),
    certified: () => installation,
    facts: () => installation.license,
    offset: () => offset,
    changed: ({ state, cause }) => told.push(cause === undefined ? state : `${state} ${cause}`),
  });
  return { keeping, told, correct: (ms: number) => void (offset = ms) };
}

test("a running session tells each change of its standing once", async () => {
  const { keeping, told } = keeper();
  await using _ = keeping;
  for (const days of [199, 1, 99, 1, 99, 1]) {
    clock.advance(days * DAY_MS);
    keeping.look();
  }
  expect(told).toEqual(["refresh-due refresh", "grace refresh", "limited refresh"]);
});

test("a session that reaches a server goes by its time, and so does whoever starts next", async () => {
  const first = keeper();
  clock.step(-5 * DAY_MS);
  first.keeping.look();
  clock.advance(BEHIND_ALLOWANCE_MS);
  first.keeping.look();
  expect(first.told).toEqual(["grace clock-behind", "limited clock-behind"]);
  first.correct(0); // the server's clock says the same: it had been set forward before
  first.keeping.contacted();
  expect(first.keeping.standing).toMatchObject({ clock: "in-order" });
  await first.keeping[Symbol.asyncDispose]();
  expect(await look()).toMatchObject({ clock: "in-order" });
});

test("a clock that a server found wrong is corrected while the session lives, and behind afterwards", async () => {
  const first = keeper();
  clock.step(-5 * DAY_MS);
  first.correct(5 * DAY_MS);
  first.keeping.contacted();
  expect(first.keeping.standing).toMatchObject({ state: "ok", clock: "in-order" });
  await first.keeping[Symbol.asyncDispose]();
  expect(await look()).toMatchObject({ clock: "behind" });
});
