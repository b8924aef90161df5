import { isProblem, type Uuid } from "@leasehold/kernel";
import { backoff } from "../domain/backoff.ts";
import type { SiteClock } from "../domain/site-clock.ts";
import type { SiteLicense } from "../domain/site-license.ts";
import type { AllotmentKeeper } from "./keep-allotment.ts";
import type { CertificateKeeper } from "./keep-certificates.ts";
import type { Pause } from "./ports.ts";
import type { SitePublication } from "./site-publication.ts";
import type { SiteSeatBroker, SiteStore, Vendor } from "./site-ports.ts";

/** What happens to a site. */
export type SiteEvent =
  | { readonly kind: "vendor-reached" }
  | { readonly kind: "vendor-failed"; readonly cause: unknown }
  | { readonly kind: "license-told"; readonly license: SiteLicense }
  | {
      readonly kind: "granting";
      readonly seats: number;
      readonly held: number;
      readonly endTime: number;
    }
  | { readonly kind: "taken-over" }
  | { readonly kind: "round-failed"; readonly cause: unknown };

/** How the site stands with its vendor, for whoever asks. */
export interface SiteState {
  license: SiteLicense | undefined;
  contactTime: number | undefined;
  /** `undefined` if nothing was wrong the last time. */
  failure: unknown;
}

/** What running a site needs. */
export interface SitePorts {
  readonly store: Pick<SiteStore, "keepLicense" | "noteContact" | "noteTime">;
  readonly vendor: Pick<Vendor, "watchLicense">;
  readonly seatBroker: SiteSeatBroker;
  readonly keeper: Pick<AllotmentKeeper, "round" | "standing">;
  readonly publication: SitePublication;
  readonly certificates: Pick<CertificateKeeper, "urge">;
  readonly state: SiteState;
  readonly process: Uuid;
  readonly siteNow: SiteClock;
  readonly pause: Pause;
  readonly random: () => number;
  readonly report: (event: SiteEvent) => void;
}

/** How often the site looks after itself, in milliseconds. Well within what clocks may differ. */
const TICK_MS = 2_000;

/**
 * Looks after the seats of the site until the signal aborts: keeps the allotment, finds out how
 * many of its own leases are live, publishes what may be handed out. Never throws.
 */
export async function runSite(ports: SitePorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await siteRound(ports, signal))) {
        ports.report({ kind: "taken-over" });
        return;
      }
    } catch (cause) {
      if (!signal.aborted) ports.report({ kind: "round-failed", cause });
    }
    await ports.pause(TICK_MS, signal);
  }
}

/**
 * One look after the seats.
 * @returns false, and nothing was done, if another process looks after the site by now
 */
export async function siteRound(ports: SitePorts, signal: AbortSignal): Promise<boolean> {
  const { store, keeper, publication, state, siteNow } = ports;
  if (!(await store.noteTime(siteNow(), ports.process))) return false;
  const { license } = state;
  if (license === undefined) return true;
  const before = publication.facts?.revision;
  // What may be handed out by what is known already does not wait for a vendor who is slow to answer.
  await settle(ports, license, signal);
  publication.update(license, await keeper.standing(license));
  const allotment = await keeper.round(license, signal);
  publication.update(license, allotment);
  if (allotment.reached) await contacted(ports);
  // Where nobody was asked, nothing is known anew.
  if (allotment.reached || allotment.failure !== undefined) failed(ports, allotment.failure);
  const { facts, grants } = publication;
  if (facts !== undefined && grants !== undefined && facts.revision !== before)
    ports.report({
      kind: "granting",
      seats: grants.seats.get("") ?? 0,
      held: allotment.alive.length,
      endTime: facts.terms.endTime,
    });
  return true;
}

/** Hears of the license as it changes, until the signal aborts. Never throws. */
export async function followVendor(ports: SitePorts, signal: AbortSignal): Promise<void> {
  const { vendor, store, state, siteNow, pause, random, report } = ports;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const license of vendor.watchLicense(signal)) {
        failures = 0;
        await store.keepLicense(license, siteNow());
        state.license = license;
        state.contactTime = siteNow();
        failed(ports, undefined);
        report({ kind: "license-told", license });
      }
    } catch (cause) {
      if (signal.aborted) return;
      failed(ports, cause);
    }
    failures += 1;
    await pause(backoff(failures, random()), signal);
  }
}

async function settle(
  { seatBroker, publication }: SitePorts,
  license: SiteLicense,
  signal: AbortSignal,
): Promise<void> {
  if (!publication.unsettled) return;
  try {
    publication.settle(await seatBroker.standing(license.license, signal), license);
  } catch (thrown) {
    // Then nothing grows, and there is nobody who could hand out anything.
    if (!isProblem(thrown)) throw thrown;
  }
}

async function contacted({ state, store, siteNow, report }: SitePorts): Promise<void> {
  if (state.failure !== undefined) report({ kind: "vendor-reached" });
  state.contactTime = siteNow();
  await store.noteContact(state.contactTime);
}

/** A failure is told once, until it is over or another one. */
function failed({ state, report, certificates }: SitePorts, cause: unknown): void {
  if (isProblem(cause, "UNAUTHENTICATED")) certificates.urge();
  const reason = (thrown: unknown) => (isProblem(thrown) ? thrown.reason : thrown);
  if (cause !== undefined && reason(cause) !== reason(state.failure))
    report({ kind: "vendor-failed", cause });
  state.failure = cause;
}
