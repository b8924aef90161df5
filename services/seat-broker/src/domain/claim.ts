import { createHash } from "node:crypto";
import type { Holder } from "./holder.ts";
import type { Terms } from "./pool.ts";
import type { SeatGroup, SeatPolicy } from "./seat-policy.ts";

/** What somebody asks for: seats, all or none, and the features that each of them will use. */
export interface SeatClaim {
  /** 1 to 100. */
  readonly seats: number;
  readonly features: readonly string[];
}

/** What a lease takes, as the terms of its license have it. */
export interface PackedClaim {
  /** "seats,share,group,feature,…" as lua/lib/claims.lua reads it; "" for one seat of its own. */
  readonly packed: string;
  /** The class in the queue, 0 to 7; a higher one comes first. */
  readonly priority: number;
}

export type ClaimDecision =
  | ({ readonly kind: "claim" } & PackedClaim)
  | { readonly kind: "excluded" }
  | { readonly kind: "not-named" }
  | { readonly kind: "feature-not-licensed"; readonly feature: string };

/** Decides by the terms of a license what a holder's claim takes, if it may be made at all. */
export function decideClaim(terms: Terms, holder: Holder, claim: SeatClaim): ClaimDecision {
  const { policy, model, naming } = terms;
  if (model === "NAMED_USER" && naming?.users.has(holder.user) !== true)
    return { kind: "not-named" };
  const groups = policy.groups.filter((group) => isMember(group, holder));
  if (!isAdmitted(policy, groups)) return { kind: "excluded" };
  const features = [...new Set(claim.features)].toSorted();
  const unknown = features.find((code) => !terms.features.some(({ feature }) => feature === code));
  if (unknown !== undefined) return { kind: "feature-not-licensed", feature: unknown };
  const share = claim.seats === 1 ? shareOf(policy, holder) : "";
  const reserving = groups.find(({ reservedSeats }) => reservedSeats > 0)?.group ?? "";
  return {
    kind: "claim",
    packed: pack(claim.seats, share, reserving, features),
    priority: Math.max(0, ...groups.map(({ priority }) => priority)),
  };
}

/** @param packed as `decideClaim` made it */
export function unpackClaim(packed: string): SeatClaim {
  const [seats = "1", , , ...features] = packed.split(",");
  return { seats: Number(seats || "1"), features };
}

/** How many entries a lease has, in the pool and its sub-pools: what it costs to renew it. */
export function entriesOf(packed: string): number {
  if (packed === "") return 1;
  const [seats, , group, ...features] = packed.split(",");
  return Number(seats) * (1 + (group === "" ? 0 : 1) + features.length);
}

function pack(seats: number, share: string, group: string, features: readonly string[]): string {
  if (seats === 1 && share === "" && group === "" && features.length === 0) return "";
  return [seats, share, group, ...features].join(",");
}

function isMember({ users, hosts, installations }: SeatGroup, holder: Holder): boolean {
  return (
    users.includes(holder.user) ||
    hosts.includes(holder.host) ||
    installations.includes(holder.installation)
  );
}

function isAdmitted(policy: SeatPolicy, groups: readonly SeatGroup[]): boolean {
  const among = (names: readonly string[]) => groups.some(({ group }) => names.includes(group));
  if (among(policy.excludeGroups)) return false;
  return policy.includeGroups.length === 0 || among(policy.includeGroups);
}

/** With whom a seat is shared; "" with nobody, also where the holder does not say who it is. */
function shareOf({ sharing }: SeatPolicy, { user, host }: Holder): string {
  if (sharing === "PER_PROCESS") return "";
  const [kind, name] = sharing === "PER_USER" ? ["user", user] : ["host", host];
  if (name === "") return "";
  return createHash("sha256").update(`${kind}\0${name}`).digest("base64url").slice(0, 22);
}
