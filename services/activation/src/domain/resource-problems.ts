import { Problem } from "@leasehold/kernel";

/** No such customer, none that was sold a license, or none that the caller may know of. */
export function customerNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such customer, or none that has a license" });
}

/** No such resource, or none that the caller may know of. */
export function resourceNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such resource" });
}

/** No such license. */
export function licenseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such license" });
}

/** The account may look at what is the customer's, and not change it. */
export function mayOnlyRead(): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: "only an administrator of the customer may change this",
  });
}

/** The customer has a resource with this external id. */
export function resourceExists(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "the customer has this resource already" });
}

/** The license, or the customer, has as many bound resources as it may have. */
export function resourceLimit(of: "license" | "customer", limit: number): Problem {
  return new Problem("RESOURCE_LIMIT", {
    message: `the ${of} has as many resources bound as it may have`,
    metadata: { limit: String(limit), of },
  });
}

/** The license is of a model that grants no seats of resources. */
export function modelWithoutResources(): Problem {
  return new Problem("RESOURCE_NOT_LICENSED", {
    message: "the license is not of the model RESOURCE",
  });
}

/** The resource is bound to no license, to another one than the caller's, or to one that may not be used now. */
export function resourceNotLicensed(): Problem {
  return new Problem("RESOURCE_NOT_LICENSED", {
    message: "the resource is not licensed by this license now",
  });
}

/** Whether the resource is bound does not allow this. */
export function bindingConflict(state: "BOUND" | "UNBOUND"): Problem {
  return new Problem("STATE_CONFLICT", {
    message: state === "BOUND" ? "the resource is bound" : "the resource is bound to no license",
    metadata: { state },
  });
}

/** The license is revoked. */
export function licenseRevoked(): Problem {
  return new Problem("LICENSE_REVOKED", { message: "the license is revoked" });
}

/** The license is over. @param endTime in milliseconds since 1970 */
export function licenseExpired(endTime: number): Problem {
  return new Problem("LICENSE_EXPIRED", {
    message: "the license is over",
    metadata: { end_time: new Date(endTime).toISOString() },
  });
}

/** The license does not unlock the feature. */
export function featureNotLicensed(): Problem {
  return new Problem("FEATURE_NOT_LICENSED", {
    message: "the license does not unlock the feature",
  });
}

/** There is no room for so many more. */
export function countLimit(limit: bigint, remaining: bigint): Problem {
  return new Problem("LIMIT_REACHED", {
    message: "the license has no room for so many more",
    metadata: { limit: String(limit), remaining: String(remaining) },
  });
}
