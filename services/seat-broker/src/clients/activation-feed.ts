import { activation, LicenseModel, LicenseState, msFromDuration } from "@leasehold/contracts";
import { type Channel, client } from "@leasehold/rpc-client";
import {
  LICENSE_MODELS,
  licenseOfName,
  resourceOfName,
  type LicenseState as State,
  type Pool,
  type Terms,
} from "../domain/pool.ts";
import type { EntitlementFeed, FeedStep } from "../use-cases/ports.ts";
import { seatPolicyOf } from "./seat-policy-of.ts";

const DEFAULT_VALIDITY_MS = 45_000;
const DEFAULT_GRACE_MS = 10_000;

/** The feed of entitlements that the activation service streams. */
export function activationFeed(channel: Channel, bearerToken: string): EntitlementFeed {
  const service = client(activation.ActivationServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${bearerToken}` }),
  });
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
      return { position: feedRevision, change: { kind: "pool", pool: poolOf(step.value) } };
    case "trustBundle":
      return { position: feedRevision, change: { kind: "trust-bundle", bundle: step.value } };
    case undefined:
      return { position: feedRevision, change: { kind: "none" } };
    default:
      return step satisfies never;
  }
}

function poolOf(entitlement: activation.Entitlement): Pool {
  const { revision, state, terms } = entitlement;
  return { ...identityOf(entitlement), revision, state: stateOf(state), terms: termsOf(terms) };
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

function termsOf(terms: activation.Entitlement["terms"]): Terms {
  const model = LICENSE_MODELS.find((known) => LicenseModel[known] === terms?.model);
  if (!terms || model === undefined) throw unusable("model");
  const { seats, features, startTime, endTime, leaseTimes, seatPolicy } = terms;
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
  };
}

function unusable(what: string): Error {
  return new Error(`activation sent an entitlement whose ${what} the contract does not allow`);
}
