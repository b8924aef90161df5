import type { Clock, RandomBytes } from "@leasehold/kernel";
import type { CatalogueReads, CatalogueWrites } from "./catalogue-ports.ts";
import type { CustomerReads, CustomerWrites } from "./customer-ports.ts";
import type { EditionReads, EditionWrites } from "./edition-ports.ts";
import type { IssuerEvent } from "./issuer-event.ts";
import type { LicenseReads, LicenseWrites } from "./license-ports.ts";
import type { Deed, Mutation, Once } from "./mutation.ts";
import type { ProductKeyReads, ProductKeyWrites } from "./product-key-ports.ts";

/** What the store offers inside the one transaction of a mutation. */
export interface IssuerWrites
  extends CatalogueWrites, CustomerWrites, EditionWrites, LicenseWrites, ProductKeyWrites {}

/** What is kept of products, customers, editions, licenses and product keys. */
export interface IssuerStore
  extends CatalogueReads, CustomerReads, EditionReads, LicenseReads, ProductKeyReads {
  /**
   * Carries a mutation out in one transaction, together with its result, unless it was
   * carried out before. What is only to be validated is rolled back.
   * @throws Problem `REQUEST_ID_REUSED`, `REQUEST_IN_FLIGHT`, or what `work` throws, upon
   *   which nothing is written
   */
  once<Result>(
    mutation: Mutation,
    work: (writes: IssuerWrites) => Promise<Deed<Result>>,
  ): Promise<Once<Result>>;
}

/** What most use-cases work with. */
export interface IssuerPorts {
  readonly store: IssuerStore;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly report: (event: IssuerEvent) => void;
}
