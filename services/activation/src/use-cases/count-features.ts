import type { Clock } from "@leasehold/kernel";
import {
  featureCount,
  type FeatureCount,
  featureCounts,
  type Tally,
} from "../domain/feature-count.ts";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { Resource, ResourceRef } from "../domain/resource.ts";
import * as problems from "../domain/resource-problems.ts";
import type { RequestIdentity } from "./ports.ts";
import type { ResourceReads } from "./resource-ports.ts";

/** Counts, as they are kept, and what they are held to. */
export interface CountWrites extends Pick<ResourceReads, "findResource" | "findEntitlement"> {
  /** Takes a report, unless one with a sequence as great counts. */
  report(resource: ResourceRef, tally: Tally): Promise<Tally | undefined>;
  /** Counts more; not if that were more than the limit. */
  claim(resource: ResourceRef, claim: Claim): Promise<Tally | undefined>;
  /** @param feature all features if absent */
  list(resource: ResourceRef, feature?: string): Promise<readonly Tally[]>;
}

/** How much more of a feature's things there is to be, by which limit. */
export interface Claim {
  readonly feature: string;
  readonly more: bigint;
  readonly limit: bigint | undefined;
  readonly now: number;
}

/** Counts outside of a transaction. */
export interface CountStore extends CountWrites {
  /** Does the work in one transaction, once for each request id; its reply, or that of then. */
  once(
    request: RequestIdentity,
    work: (counts: CountWrites) => Promise<Uint8Array>,
  ): Promise<Uint8Array>;
}

/** Whose license counts what of which resource. */
export interface CountSubject {
  readonly resource: ResourceRef;
  /** The caller's. */
  readonly license: string;
  readonly feature: string;
}

/**
 * Takes note of how many there are.
 * @returns what counts, and whether it is what was reported
 * @throws Problem NOT_FOUND, RESOURCE_NOT_LICENSED, FEATURE_NOT_LICENSED
 */
export async function reportCount(
  counts: CountWrites,
  clock: Pick<Clock, "now">,
  { count, sequence, ...subject }: CountSubject & Pick<Tally, "count" | "sequence">,
): Promise<{ readonly count: FeatureCount; readonly applied: boolean }> {
  const { resource, feature } = subject;
  const { limit } = await granted(counts, subject, clock.now());
  const tally = { feature, count, sequence, updateTime: clock.now() };
  const taken = await counts.report(resource, tally);
  const stands = taken ?? (await counts.list(resource, feature))[0];
  return { count: featureCount(feature, stands, limit), applied: taken !== undefined };
}

/**
 * Counts more, all of them or none.
 * @returns what counts from now on
 * @throws Problem NOT_FOUND, RESOURCE_NOT_LICENSED, FEATURE_NOT_LICENSED, LIMIT_REACHED
 */
export async function claimCount(
  counts: CountWrites,
  clock: Pick<Clock, "now">,
  { more, ...subject }: CountSubject & { readonly more: bigint },
): Promise<FeatureCount> {
  const { resource, feature } = subject;
  const now = clock.now();
  const { limit } = await granted(counts, subject, now);
  const tally = await counts.claim(resource, { feature, more, limit, now });
  if (tally !== undefined) return featureCount(feature, tally, limit);
  const [stands] = await counts.list(resource, feature);
  throw problems.countLimit(limit ?? 0n, featureCount(feature, stands, limit).remaining ?? 0n);
}

/** What was counted of a resource, beside the limits of the license that it is bound to. */
export async function listCounts(
  counts: Pick<CountWrites, "list" | "findEntitlement">,
  resource: Resource,
): Promise<readonly FeatureCount[]> {
  const license = resource.license && (await counts.findEntitlement(resource.license));
  return featureCounts(await counts.list(resource), license ? license.terms : undefined);
}

async function granted(
  counts: Pick<CountWrites, "findResource" | "findEntitlement">,
  { resource: ref, license: name, feature }: CountSubject,
  now: number,
) {
  const resource = await counts.findResource(ref);
  if (resource === undefined) throw problems.resourceNotFound();
  const license = resource.license === name ? await counts.findEntitlement(name) : undefined;
  if (license === undefined || !isUsable(license, now)) throw problems.resourceNotLicensed();
  const grant = license.terms.features.find((granted) => granted.feature === feature);
  if (grant === undefined) throw problems.featureNotLicensed();
  return grant;
}

function isUsable({ state, terms }: LicenseFacts, now: number): boolean {
  return state === "ACTIVE" && terms.startTime <= now && now < terms.endTime;
}
