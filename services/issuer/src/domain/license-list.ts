import {
  boolean,
  defineList,
  type FieldOf,
  integer,
  oneOf,
  reference,
  text,
  time,
} from "@leasehold/list-query";
import { parseEditionName, parseProductName } from "./resource-names.ts";

/** What ListLicenses may be asked for. */
export const LICENSES_LIST = defineList({
  fields: {
    product: reference("products/{product}", parseProductName),
    edition: reference("products/{product}/editions/{edition}", editionKey),
    state: oneOf({ ACTIVE: "ACTIVE", SUSPENDED: "SUSPENDED", REVOKED: "REVOKED" }),
    model: oneOf({
      FLOATING: "FLOATING",
      NAMED_MACHINE: "NAMED_MACHINE",
      NAMED_USER: "NAMED_USER",
      RESOURCE: "RESOURCE",
    }),
    seats: integer(),
    trial: boolean(),
    "licensee.name": text(),
    "licensee.organization": text(),
    start_time: time(),
    end_time: time(),
    create_time: time(),
    update_time: time(),
  },
  orderable: ["seats", "end_time", "create_time", "update_time"],
  defaultOrder: "create_time desc",
});

/** What an edition is told by among all of them. */
function editionKey(name: string): string | undefined {
  const edition = parseEditionName(name);
  return edition && `${edition.productId}/${edition.id}`;
}

export type LicenseField = FieldOf<typeof LICENSES_LIST>;

/** What ListLicenseRevisions may be asked for: nothing but pages. */
export const REVISIONS_LIST = defineList({
  fields: { revision: integer() },
  orderable: ["revision"],
  defaultOrder: "revision desc",
});

export type RevisionField = FieldOf<typeof REVISIONS_LIST>;
