import { issuer, LicenseTerms } from "@leasehold/contracts";
import type { PartialMessage } from "@leasehold/contracts";
import type { Client } from "@leasehold/rpc-client";
import { requestId, wireTerms } from "./issuer-under-test.ts";

export type CatalogueClient = Client<typeof issuer.CatalogueServiceDefinition>;

/** The terms of an edition: those of a license, without times. */
export function templateTerms(change: PartialMessage<LicenseTerms> = {}): LicenseTerms {
  const terms = wireTerms({ startTime: undefined, endTime: undefined });
  return LicenseTerms.fromPartial({ ...terms, ...change });
}

export function wireEdition(change: PartialMessage<issuer.Edition> = {}): issuer.Edition {
  return issuer.Edition.fromPartial({
    displayName: "Team",
    terms: templateTerms(),
    termDays: 365,
    ...change,
  });
}

/** An edition of `studio` with an id of its own. */
export async function createEdition(
  catalogue: CatalogueClient,
  change: PartialMessage<issuer.Edition> = {},
  editionId = `e-${requestId()}`,
): Promise<issuer.Edition> {
  const created = await catalogue.createEdition({
    requestId: requestId(),
    parent: "products/studio",
    editionId,
    edition: wireEdition(change),
  });
  return created.edition!;
}

/** Changes the fields that are given. */
export async function updateEdition(
  catalogue: CatalogueClient,
  name: string,
  updateMask: string[],
  change: PartialMessage<issuer.Edition>,
  expectedRevision = 0n,
): Promise<issuer.Edition> {
  const request = { requestId: requestId(), name, expectedRevision, updateMask };
  const updated = await catalogue.updateEdition({ ...request, edition: wireEdition(change) });
  return updated.edition!;
}
