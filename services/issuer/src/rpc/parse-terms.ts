import { ChangePolicy, LicenseModel } from "@leasehold/contracts";
import type {
  FeatureGrant as WireGrant,
  LeaseTimes as WireTimes,
  LicenseTerms as WireTerms,
} from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import {
  FEATURE_LIMIT,
  FEATURE_SEATS,
  FEATURES_MAX,
  GRACE_MS,
  RESOURCES,
  SEATS,
  VALIDITY_MS,
} from "../domain/license-terms.ts";
import type { ReplacedTerms, TermsTemplate } from "../domain/edition.ts";
import type {
  AmendedTerms,
  FeatureGrant,
  LeaseTimes,
  LicenseTerms,
} from "../domain/license-terms.ts";
import { readFeatureCode } from "./parse-catalogue.ts";
import { readInstallationPolicy } from "./parse-installation-policy.ts";
import { readSeatPolicy } from "./parse-seat-policy.ts";
import { readVersionRange } from "./parse-version-range.ts";

const MODEL = {
  [LicenseModel.UNSPECIFIED]: undefined,
  [LicenseModel.FLOATING]: "FLOATING",
  [LicenseModel.NAMED_MACHINE]: "NAMED_MACHINE",
  [LicenseModel.NAMED_USER]: "NAMED_USER",
  [LicenseModel.RESOURCE]: "RESOURCE",
} as const satisfies Record<LicenseModel, LicenseTerms["model"] | undefined>;

const CHANGE_POLICY = {
  [ChangePolicy.UNSPECIFIED]: "LIVE",
  [ChangePolicy.LIVE]: "LIVE",
  [ChangePolicy.RESTART_REQUIRED]: "RESTART_REQUIRED",
} as const satisfies Record<ChangePolicy, LicenseTerms["changePolicy"]>;

/** Each term that an amendment may name, and how it is read. */
const AMENDABLE = {
  seats: (check, { seats }, prefix) => ({ seats: readSeats(check, `${prefix}.seats`, seats) }),
  features: (check, { features }, prefix) => ({
    features: readFeatures(check, `${prefix}.features`, features),
  }),
  start_time: (check, { startTime }, prefix) => ({
    startTime: readTime(check, `${prefix}.start_time`, startTime),
  }),
  end_time: (check, { endTime }, prefix) => ({
    endTime: readTime(check, `${prefix}.end_time`, endTime),
  }),
  lease_times: (check, { leaseTimes }, prefix) => ({
    leaseTimes: readLeaseTimes(check, `${prefix}.lease_times`, leaseTimes),
  }),
  seat_policy: (check, { seatPolicy }, prefix) => ({
    seatPolicy: readSeatPolicy(check, `${prefix}.seat_policy`, seatPolicy),
  }),
  maintenance_end_time: (check, { maintenanceEndTime }, prefix) => ({
    maintenanceEndTime: readTimeIfAny(check, `${prefix}.maintenance_end_time`, maintenanceEndTime),
  }),
  versions: (check, { versions }, prefix) => ({
    versions: readVersionRange(check, `${prefix}.versions`, versions),
  }),
  change_policy: (check, { changePolicy }, prefix) => ({
    changePolicy: readChangePolicy(check, `${prefix}.change_policy`, changePolicy),
  }),
  installation_policy: (check, { installationPolicy }, prefix) => ({
    installationPolicy: readInstallationPolicy(
      check,
      `${prefix}.installation_policy`,
      installationPolicy,
    ),
  }),
  resources: (check, { resources }, prefix) => ({
    resources: check.integer(`${prefix}.resources`, resources, RESOURCES) || undefined,
  }),
} as const satisfies Record<
  string,
  (check: Check, terms: WireTerms, prefix: string) => AmendedTerms
>;

type AmendablePath = keyof typeof AMENDABLE;

/** The paths that the update mask of an amendment may name. */
const AMENDABLE_PATHS = Object.keys(AMENDABLE) as readonly AmendablePath[];
/** The paths of what may stand in place of an edition's terms. */
const REPLACEABLE_PATHS = [...AMENDABLE_PATHS, "trial"] as const;

/** The terms of a new license: every one of them. */
export function readTerms(check: Check, prefix: string, terms: WireTerms): LicenseTerms {
  return {
    ...readTimeless(check, prefix, terms),
    startTime: readTime(check, `${prefix}.start_time`, terms.startTime),
    endTime: readTime(check, `${prefix}.end_time`, terms.endTime),
    ...AMENDABLE.maintenance_end_time(check, terms, prefix),
  };
}

/** The terms of an edition, which come without times. */
export function readTermsTemplate(check: Check, prefix: string, terms: WireTerms): TermsTemplate {
  const times = {
    start_time: terms.startTime,
    end_time: terms.endTime,
    maintenance_end_time: terms.maintenanceEndTime,
  };
  for (const [path, time] of Object.entries(times)) {
    if (time) check.violation(`${prefix}.${path}`, "must not be given: an edition has no times");
  }
  return readTimeless(check, prefix, terms);
}

function readTimeless(check: Check, prefix: string, terms: WireTerms): TermsTemplate {
  return {
    model: readModel(check, `${prefix}.model`, terms.model),
    trial: terms.trial,
    seats: readSeats(check, `${prefix}.seats`, terms.seats),
    features: readFeatures(check, `${prefix}.features`, terms.features),
    leaseTimes: readLeaseTimes(check, `${prefix}.lease_times`, terms.leaseTimes),
    seatPolicy: readSeatPolicy(check, `${prefix}.seat_policy`, terms.seatPolicy),
    ...AMENDABLE.versions(check, terms, prefix),
    ...AMENDABLE.change_policy(check, terms, prefix),
    ...AMENDABLE.installation_policy(check, terms, prefix),
    ...AMENDABLE.resources(check, terms, prefix),
  };
}

/** The terms that the mask names; what stands in the others is not looked at. */
export function readAmendedTerms(
  check: Check,
  prefix: string,
  terms: WireTerms,
  mask: readonly string[] | undefined,
): AmendedTerms {
  return readPaths(check, prefix, terms, check.fieldMask("update_mask", mask, AMENDABLE_PATHS));
}

/** Likewise the terms that stand in place of an edition's. */
export function readReplacedTerms(
  check: Check,
  prefix: string,
  terms: WireTerms,
  mask: readonly string[],
): ReplacedTerms {
  const paths = check.fieldMask("terms_mask", mask, REPLACEABLE_PATHS);
  const amended = paths?.filter((path) => path !== "trial");
  return {
    ...readPaths(check, prefix, terms, amended ?? []),
    ...(paths?.includes("trial") && { trial: terms.trial }),
  };
}

function readPaths(
  check: Check,
  prefix: string,
  terms: WireTerms,
  paths: readonly AmendablePath[] = [],
): AmendedTerms {
  const read = paths.map((path) => AMENDABLE[path](check, terms, prefix));
  return Object.assign({}, ...read) as AmendedTerms;
}

function readModel(check: Check, field: string, model: LicenseModel): LicenseTerms["model"] {
  const known = MODEL[model];
  if (known === undefined) check.violation(field, "must be one of the models of the contract");
  return known ?? "FLOATING";
}

function readChangePolicy(
  check: Check,
  field: string,
  policy: ChangePolicy,
): LicenseTerms["changePolicy"] {
  return CHANGE_POLICY[check.oneOf(field, policy, Object.values(ChangePolicy))];
}

function readSeats(check: Check, field: string, seats: number): number {
  return check.integer(field, seats, SEATS);
}

function readFeatures(
  check: Check,
  field: string,
  grants: readonly WireGrant[],
): readonly FeatureGrant[] {
  const bounds = { max: FEATURES_MAX, unique: ({ feature }: WireGrant) => feature };
  return check.list(field, grants, bounds, ({ feature, limit, seats }, path) => ({
    feature: readFeatureCode(check, `${path}.feature`, feature),
    ...(limit !== undefined && { limit: check.integer(`${path}.limit`, limit, FEATURE_LIMIT) }),
    ...(seats !== undefined && { seats: check.integer(`${path}.seats`, seats, FEATURE_SEATS) }),
  }));
}

/** Certificates tell no time before 1970. */
export function readTime(check: Check, field: string, time: Date | undefined): number {
  const ms = check.timestamp(field, time);
  if (ms < 0) check.violation(field, "must not be before 1970");
  return ms;
}

function readTimeIfAny(check: Check, field: string, time: Date | undefined): number | undefined {
  return time && readTime(check, field, time);
}

/** Fractions of a millisecond are dropped. */
function readLeaseTimes(check: Check, field: string, times: WireTimes | undefined): LeaseTimes {
  const validity = { ...VALIDITY_MS, absent: VALIDITY_MS.default };
  const grace = { ...GRACE_MS, absent: GRACE_MS.default };
  return {
    validityMs: Math.trunc(check.duration(`${field}.validity`, times?.validity, validity)),
    graceMs: Math.trunc(check.duration(`${field}.grace`, times?.grace, grace)),
  };
}
