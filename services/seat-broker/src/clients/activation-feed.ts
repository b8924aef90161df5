import {
  activation,
  ChangePolicy as ToldChangePolicy,
  LicenseModel,
  LicenseState,
  msFromDuration,
} from "@leasehold/contracts";
import { isUuid, parseName } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { withServiceToken } from "@leasehold/service-kit";
import {
  CHANGE_POLICIES,
  type ChangePolicy,
  LICENSE_MODELS,
  licenseOfName,
  resourceOfName,
  type LicenseState as State,
  type Naming,
  type Pool,
  type Terms,
} from "../domain/pool.ts";
import type { BarredList } from "../use-cases/barred-installations.ts";
import type { EntitlementFeed, FeedStep } from "../use-cases/feed-ports.ts";
import { seatPolicyOf } from "./seat-policy-of.ts";
import { versionRulesOf } from "./version-rules-of.ts";

const DEFAULT_VALIDITY_MS = 45_000;
const DEFAULT_GRACE_MS = 10_000;

/** The feed of entitlements that the activation service streams. */
export function activationFeed(channel: Channel, bearerToken: string | undefined): EntitlementFeed {
  const credentials = withServiceToken(bearerToken);
  const service = client(activation.ActivationServiceDefinition, channel, credentials);
  return {
    watch: async function* (afterFeedRevision, signal) {
      const steps = service.watchEntitlements({ afterFeedRevision }, { signal });
      for await (const response of steps) yield stepOf(response);
    },
  };
}

function stepOf({ feedRevision, step }: activation.WatchEntitlementsResponse): FeedStep {
  switch (step?.$case) {
    case "entitlement":
      return {
        position: feedRevision,
        change: { kind: "pool", pool: poolOf(step.value), barred: barredOf(step.value) },
      };
    case "trustBundle":
      return { position: feedRevision, change: { kind: "trust-bundle", bundle: step.value } };
    case undefined:
      return { position: feedRevision, change: { kind: "none" } };
    default:
      return step satisfies never;
  }
}

function poolOf(entitlement: activation.Entitlement): Pool {
  const { revision, state, terms, productFacts } = entitlement;
  const versions = versionRulesOf(terms?.versions, productFacts?.versionPolicy);
  const productRevision = productFacts?.revision ?? 0n;
  const known = { ...identityOf(entitlement), revision, productRevision, state: stateOf(state) };
  return { ...known, terms: { ...termsOf(entitlement), versions } };
}

function identityOf({
  license: name,
  resource,
}: activation.Entitlement): Pick<Pool, "license" | "name" | "boundTo"> {
  const license = licenseOfName(name);
  if (resource === "") {
    if (license === undefined) throw unusable("license");
    return { license, name };
  }
  const id = resourceOfName(resource);
  if (id === undefined) throw unusable("resource");
  if (license === undefined && name !== "") throw unusable("license");
  return { license: id, name: resource, boundTo: name };
}

/** Of the license itself; with a resource of it none comes. */
function barredOf(entitlement: activation.Entitlement): BarredList | undefined {
  const license = licenseOfName(entitlement.license);
  if (license === undefined || entitlement.resource !== "") return undefined;
  const ids = entitlement.barredInstallations.map(
    (name) => parseName("installations/{id}", name)?.id,
  );
  const installations = ids.filter((id) => id !== undefined).filter(isUuid);
  return { license, installations, revision: entitlement.barredRevision };
}

function stateOf(state: LicenseState): State {
  switch (state) {
    case LicenseState.ACTIVE:
      return "ACTIVE";
    case LicenseState.SUSPENDED:
      return "SUSPENDED";
    case LicenseState.REVOKED:
      return "REVOKED";
    case LicenseState.UNSPECIFIED:
      throw unusable("state");
    default:
      return state satisfies never;
  }
}

function termsOf({ terms, ...entitlement }: activation.Entitlement): Omit<Terms, "versions"> {
  const model = LICENSE_MODELS.find((known) => LicenseModel[known] === terms?.model);
  if (!terms || model === undefined) throw unusable("model");
  const { seats, features, startTime, endTime, leaseTimes, seatPolicy, changePolicy } = terms;
  if (!startTime || !endTime) throw unusable("term");
  const { validity, grace } = leaseTimes ?? { validity: undefined, grace: undefined };
  return {
    model,
    seats,
    features,
    startTime: startTime.getTime(),
    endTime: endTime.getTime(),
    validityMs: validity ? msFromDuration(validity) : DEFAULT_VALIDITY_MS,
    graceMs: grace ? msFromDuration(grace) : DEFAULT_GRACE_MS,
    policy: seatPolicyOf(seatPolicy),
    changePolicy: changePolicyOf(changePolicy),
    ...(model === "NAMED_USER" && { naming: namingOf(entitlement) }),
  };
}

function namingOf({
  namedUsers,
  namedUsersRevision,
}: Omit<activation.Entitlement, "terms">): Naming {
  return { revision: namedUsersRevision, users: new Set(namedUsers) };
}

/** One that this release does not know is applied at once, as most are. */
function changePolicyOf(told: ToldChangePolicy): ChangePolicy {
  return CHANGE_POLICIES.find((known) => ToldChangePolicy[known] === told) ?? "LIVE";
}

function unusable(what: string): Error {
  return new Error(`activation sent an entitlement whose ${what} the contract does not allow`);
}
