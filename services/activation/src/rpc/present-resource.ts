import type { activation } from "@leasehold/contracts";
import type { FeatureCount } from "../domain/feature-count.ts";
import { type Resource, resourceName } from "../domain/resource.ts";

/** A resource as the contract shows it. */
export function presentResource(resource: Resource): activation.Resource {
  return {
    name: resourceName(resource),
    externalId: resource.externalId,
    displayName: resource.displayName,
    kind: resource.kind,
    license: resource.license ?? "",
    createTime: new Date(resource.createTime),
    updateTime: new Date(resource.updateTime),
  };
}

/** A count as the contract shows it. */
export function presentCount(count: FeatureCount): activation.FeatureCount {
  const { updateTime } = count;
  return { ...count, updateTime: updateTime === undefined ? undefined : new Date(updateTime) };
}
