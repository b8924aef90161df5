import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openInstallation, unlock } from "@leasehold/client";
import { type Clock, isProblem } from "@leasehold/kernel";
import { manualClock } from "@leasehold/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { siteInstallation } from "../src/clients/site-installation.ts";
import { type CertificateEvent, CertificateKeeper } from "../src/use-cases/keep-certificates.ts";
import { change, newLicense, read } from "./installation-scene.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The vendor's cluster; the clock is its own and the site's. */
let vendor: RunningActivation;
let clock: Clock & { advance(ms: number): void };
let home: string;
let directory: string;
/** Of the site's installation. */
let name: string;
let events: CertificateEvent[];
let keeper: CertificateKeeper;

beforeEach(async () => {
  key = "";
  clock = manualClock(Date.now());
  vendor = await runningActivation({ clock });
  vendor.issuer.now = () => clock.now();
  vendor.issuer.certificateLifeMs = 30 * DAY_MS;
  home = await mkdtemp(join(tmpdir(), "site-certificates-"));
  directory = join(home, "site");
  ({ name } = await unlockSite());
  events = [];
  keeper = newKeeper();
});
afterEach(async () => {
  await vendor[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

let key = "";
function unlockSite() {
  key ||= newLicense(vendor).key;
  return unlock({
    activation: vendor.address,
    product: "products/studio",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey: key,
    directory,
    trustRoot: vendor.issuer.rootKey,
    machine: "none",
    clock,
  });
}

/** As a new process of the site has it. */
function newKeeper(activation = vendor.address): CertificateKeeper {
  const installation = siteInstallation({ activation, directory, clock, machine: "none" });
  return new CertificateKeeper({ installation, clock, report: (event) => void events.push(event) });
}

const round = () => keeper.round(new AbortController().signal);

/** Time passes, with a look of the site's every hour. */
async function live(ms: number, step = HOUR_MS): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    clock.advance(Math.min(step, left));
    await round();
  }
}

const kinds = () => events.map(({ kind }) => kind);
const refreshes = async () => (await read(vendor, name)).refreshCounter;

test("certificates that are new are left alone, and refreshed after a day, once", async () => {
  await round();
  await live(DAY_MS - HOUR_MS);
  expect(await refreshes()).toBe(0n);
  await live(HOUR_MS);
  await round();
  expect(await refreshes()).toBe(1n);
  expect(events).toEqual([
    { kind: "certificates-refreshed", endTime: endOfNow(), trustVersion: 1 },
  ]);
});

/** Certificates tell whole seconds. */
const endOfNow = () => Math.floor(clock.now() / 1_000) * 1_000 + 30 * DAY_MS;

test("for lifetimes of certificates, with processes of the site that come and go, it never has to be unlocked again", async () => {
  vendor.issuer.certificateLifeMs = 2 * DAY_MS;
  const days = 20;
  for (let day = 0; day < days; day += 1) {
    if (day % 5 === 0) keeper = newKeeper();
    await live(DAY_MS, DAY_MS / 2);
    const { state, endTime = 0 } = await keeper.standing();
    expect(state).toBe("FRESH");
    expect(endTime - clock.now()).toBeGreaterThan(DAY_MS - HOUR_MS);
  }
  expect(await refreshes()).toBe(BigInt(days));
}, 60_000);

test("certificates that end with the license soon are refreshed after half of their life", async () => {
  vendor.issuer.certificateLifeMs = 10 * HOUR_MS;
  await live(DAY_MS);
  await live(4 * HOUR_MS);
  expect(await refreshes()).toBe(1n);
  await live(HOUR_MS);
  expect(await refreshes()).toBe(2n);
});

test("with the vendor away it says so once, tries again less and less often, and goes on when it is back", async () => {
  await vendor.stopIssuer();
  await live(DAY_MS + 4 * HOUR_MS);
  expect(kinds()).toEqual(["certificates-failed"]);
  expect(await keeper.standing()).toMatchObject({
    state: "FAILING",
    failure: "DEPENDENCY_UNAVAILABLE",
    endTime: expect.any(Number) as number,
  });
  await vendor.startIssuer();
  await vi.waitFor(
    async () => {
      await live(HOUR_MS);
      expect(kinds()).toEqual(["certificates-failed", "certificates-refreshed"]);
    },
    { timeout: 10_000 },
  );
  expect(await keeper.standing()).toMatchObject({ state: "FRESH", failure: "" });
  expect(await refreshes()).toBe(1n);
});

test("a vendor that is not there at all is told alike, and in the end the certificates are over", async () => {
  keeper = newKeeper("127.0.0.1:1");
  await live(30 * DAY_MS, DAY_MS);
  expect(kinds()).toEqual(["certificates-failed", "certificates-over"]);
  expect(events.at(-1)).toEqual({ kind: "certificates-over", fault: "expired" });
  expect(await keeper.standing()).toEqual({ state: "OVER", failure: "expired" });
  await live(2 * DAY_MS, DAY_MS);
  expect(events).toHaveLength(2);
  keeper = newKeeper();
  await unlockSite();
  expect((await keeper.standing()).state).toBe("FRESH");
  await live(2 * DAY_MS, DAY_MS);
  expect(kinds().at(-1)).toBe("certificates-refreshed");
});

test("why the vendor refuses is told, and another reason is told, too", async () => {
  await vendor.lives().disableInstallation(change(name));
  await live(2 * DAY_MS);
  await vendor.lives().deactivateInstallation(change(name));
  await live(2 * HOUR_MS);
  const reasons = events.map((event) =>
    event.kind === "certificates-failed" && isProblem(event.cause)
      ? event.cause.reason
      : event.kind,
  );
  expect(reasons).toEqual(["INSTALLATION_DISABLED", "INSTALLATION_ENDED"]);
  expect(await keeper.standing()).toMatchObject({
    state: "FAILING",
    failure: "INSTALLATION_ENDED",
  });
});

test("the vendor's keys may change again and again: the site knows the new ones, and is known by them", async () => {
  for (let rotation = 1; rotation <= 4; rotation += 1) {
    await vendor.issuer.rotate();
    await vendor.stopIssuer();
    await vendor.startIssuer();
    await vi.waitFor(
      () =>
        expect(vendor.log.filter(({ message }) => message === "trust bundle changed")).toHaveLength(
          rotation,
        ),
      { timeout: 10_000 },
    );
    await live(DAY_MS);
    expect(await keeper.standing()).toMatchObject({ state: "FRESH", trustVersion: rotation + 1 });
    const opened = await openInstallation(directory, { clock });
    const keys = opened.kind === "unlocked" ? opened.installation.trust.keys : [];
    const { kid } = vendor.issuer.signers.install;
    expect(keys.map((known) => known.kid)).toContain(kid);
  }
}, 60_000);

test("a site that cannot verify what the vendor signs asks at once, and not again and again", async () => {
  await live(HOUR_MS);
  keeper.urge();
  await round();
  expect(await refreshes()).toBe(1n);
  for (let minute = 0; minute < 9; minute += 1) {
    keeper.urge();
    await live(MINUTE_MS, MINUTE_MS);
  }
  expect(await refreshes()).toBe(1n);
  clock.advance(MINUTE_MS);
  keeper.urge();
  await round();
  expect(await refreshes()).toBe(2n);
});

test("a revocation list that names the site's installation is taken over: its certificates are over", async () => {
  await vendor.lives().disableInstallation(change(name));
  await vendor.lives().enableInstallation(change(name));
  vendor.issuer.revoked.push(name);
  clock.advance(DAY_MS);
  await round();
  await round();
  expect((await keeper.standing()).state).toBe("OVER");
  expect(events).toEqual([
    expect.objectContaining({ kind: "certificates-failed" }),
    { kind: "certificates-over", fault: "revoked" },
  ]);
});

test("a directory in which nothing was unlocked is told", async () => {
  await rm(directory, { recursive: true });
  await round();
  expect(await keeper.standing()).toEqual({ state: "MISSING", failure: "" });
  expect(events).toEqual([]);
});
