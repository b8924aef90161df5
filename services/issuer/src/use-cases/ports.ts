import type { Clock, RandomBytes } from "@leasehold/kernel";
import type { AuditReads } from "./audit-ports.ts";
import type { AccountReads, AccountWrites } from "./account-ports.ts";
import type { AdministratorReads, AdministratorWrites } from "./administrator-ports.ts";
import type { CatalogueReads, CatalogueWrites } from "./catalogue-ports.ts";
import type { CustomerReads, CustomerWrites } from "./customer-ports.ts";
import type { EditionReads, EditionWrites } from "./edition-ports.ts";
import type { IssuerEvent } from "./issuer-event.ts";
import type { JoiningReads, JoiningWrites } from "./joining-ports.ts";
import type { LicenseReads, LicenseWrites } from "./license-ports.ts";
import type { Deed, Mutation, Once } from "./mutation.ts";
import type { ProductKeyReads, ProductKeyUpkeep, ProductKeyWrites } from "./product-key-ports.ts";
import type { RevocationReads, RevocationWrites } from "./revocation-ports.ts";
import type { SigningReads, SigningWrites } from "./signing-ports.ts";

/** What the store offers inside the one transaction of a mutation. */
export interface IssuerWrites
  extends
    AccountWrites,
    AdministratorWrites,
    CatalogueWrites,
    CustomerWrites,
    EditionWrites,
    JoiningWrites,
    LicenseWrites,
    ProductKeyWrites,
    RevocationWrites,
    SigningWrites {}

/** What is kept of accounts, administrators, the catalogue, customers, licenses and product keys, and the audit log. */
export interface IssuerStore
  extends
    AccountReads,
    AdministratorReads,
    AuditReads,
    CatalogueReads,
    CustomerReads,
    EditionReads,
    JoiningReads,
    LicenseReads,
    ProductKeyReads,
    ProductKeyUpkeep,
    RevocationReads,
    SigningReads {
  /**
   * Carries a mutation out in one transaction, together with its result and its audit entry,
   * unless it was carried out before. What is only to be validated is rolled back.
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
