import { Problem } from "@leasehold/kernel";

/** There is no such customer. */
export function customerNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such customer" });
}

/** There is no such product. */
export function productNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such product" });
}

/** Another customer has this reference id. */
export function referenceIdTaken(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "another customer has this reference id" });
}

/** There is no such edition. */
export function editionNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such edition" });
}

/** There is an edition of this id. */
export function editionExists(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "there is an edition of this id" });
}

/** Somebody else changed the product or the edition since the caller saw it. */
export function catalogueRevisionConflict(what: "product" | "edition", current: bigint): Problem {
  return new Problem("REVISION_CONFLICT", {
    message: `the ${what} changed since`,
    metadata: { revision: String(current) },
  });
}

/** A license or an edition names the feature, which would be left out or become another kind. */
export function featureInUse(feature: string): Problem {
  return new Problem("FEATURE_IN_USE", {
    message: "a license or an edition names the feature",
    metadata: { feature },
  });
}

/** No more licenses are issued by the edition. */
export function editionRetired(): Problem {
  return new Problem("EDITION_RETIRED", { message: "the edition is retired" });
}

/** There is a product of this id. */
export function productExists(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "there is a product of this id" });
}
