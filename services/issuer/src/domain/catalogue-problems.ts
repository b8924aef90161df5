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

/** There is a product of this id. */
export function productExists(): Problem {
  return new Problem("ALREADY_EXISTS", { message: "there is a product of this id" });
}
