import { activation } from "@leasehold/contracts";
import type { Clock } from "@leasehold/kernel";
import {
  type CallContext,
  type Check,
  implement,
  parseRequest,
  type ServiceBinding,
} from "@leasehold/service-kit";
import type { ResourceRef } from "../domain/resource.ts";
import { resourceNotFound } from "../domain/resource-problems.ts";
import {
  claimCount,
  type CountStore,
  type CountSubject,
  listCounts,
  reportCount,
} from "../use-cases/count-features.ts";
import { getResource } from "../use-cases/get-resource.ts";
import type { ResourceReads } from "../use-cases/resource-ports.ts";
import { customerScope } from "./customer-scope.ts";
import { readResourceName } from "./parse-resource.ts";
import { presentCount } from "./present-resource.ts";

const FEATURE = { min: 1, max: 64 } as const;
/** What a JSON number carries exactly. */
const COUNT = { min: 0n, max: 9_007_199_254_740_991n } as const;
const SEQUENCE = { min: 1n, max: 2n ** 63n - 1n } as const;
const MORE = { min: 1n, max: 1_000_000n } as const;

/** What the service's methods need. */
export interface CountServicePorts {
  readonly counts: CountStore;
  readonly resources: Pick<ResourceReads, "findResource" | "findLicensedResource">;
  readonly clock: Pick<Clock, "now">;
}

/** The methods of `leasehold.activation.v1.CountService`. */
export function countService({ counts, resources, clock }: CountServicePorts): ServiceBinding {
  return implement(activation.CountServiceDefinition, {
    reportCount: async (request, call) => {
      const said = parseRequest((check) => ({
        ...readSubject(check, request),
        count: check.integer("count", request.count, COUNT),
        sequence: check.integer("sequence", request.sequence, SEQUENCE),
      }));
      const { count, applied } = await reportCount(counts, clock, {
        ...said,
        ...ownOf(call, said),
      });
      return { count: presentCount(count), applied };
    },
    claimCount: async (request, call) => {
      const { requestId, ...said } = parseRequest((check) => ({
        requestId: check.uuid("request_id", request.requestId),
        ...readSubject(check, request),
        more: check.integer("more", request.more, MORE),
      }));
      const subject = { ...said, ...ownOf(call, said) };
      const body = activation.ClaimCountRequest.encode(request).finish();
      const identity = { requestId, method: "ClaimCount", body };
      const reply = await counts.once(identity, async (writes) => {
        const count = presentCount(await claimCount(writes, clock, subject));
        return activation.ClaimCountResponse.encode({ count }).finish();
      });
      return activation.ClaimCountResponse.decode(reply);
    },
    listCounts: async (request, { principal }) => {
      const ref = parseRequest((check) => readResourceName(check, "parent", request.parent));
      const scope = customerScope(principal);
      scope.see(ref.customer, resourceNotFound);
      const resource = await getResource(resources, ref, scope.licensedOnly, clock.now());
      return { counts: (await listCounts(counts, resource)).map(presentCount) };
    },
  });
}

function readSubject(
  check: Check,
  { resource, feature }: activation.ReportCountRequest | activation.ClaimCountRequest,
): Omit<CountSubject, "license"> {
  return {
    resource: readResourceName(check, "resource", resource),
    feature: check.text("feature", feature, FEATURE),
  };
}

/** The license of the caller, who must be of the resource's customer. */
function ownOf(
  { principal }: Pick<CallContext, "principal">,
  { resource }: { readonly resource: ResourceRef },
): Pick<CountSubject, "license"> {
  if (principal.kind !== "installation") throw new Error("the method is for installations");
  customerScope(principal).see(resource.customer, resourceNotFound);
  return { license: principal.license };
}
