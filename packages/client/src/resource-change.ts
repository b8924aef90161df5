import { LicenseState, type seatBroker } from "@leasehold/contracts";
import { isUuid, parseName, uuidBytes } from "@leasehold/kernel";

/** What is known of a resource whose seats a session holds. */
export interface ResourceChange {
  /** `customers/{customer}/resources/{resource}`. */
  readonly resource: string;
  /** Whether the session's license grants its seats; if not, those that were held are gone. */
  readonly licensed: boolean;
  /** Whether nobody new gets a seat of it for now. */
  readonly drained: boolean;
}

/** Tells apart what is news of resources from what is not. */
export interface ResourceNews {
  /** @returns `undefined` if the same, or something newer, was told before */
  learn(told: seatBroker.LicenseChanged): ResourceChange | undefined;
}

/** @param license the session's own: whatever is told of others grants it nothing */
export function resourceNews(license: string): ResourceNews {
  const known = new Map<string, { readonly revision: bigint; readonly change: ResourceChange }>();
  return {
    learn: ({ resource, license: boundTo, state, revision, drained }) => {
      const licensed = boundTo === license && state === LicenseState.ACTIVE;
      const before = known.get(resource);
      if (before && before.revision > revision) return undefined;
      if (before?.revision === revision && before.change.drained === drained) return undefined;
      const change = { resource, licensed, drained };
      known.set(resource, { revision, change });
      return change;
    },
  };
}

/**
 * What the lease ids of a resource's seats begin with.
 * @param resource `customers/{customer}/resources/{resource}`
 * @throws RangeError if it is no such name
 */
export function poolOfResource(resource: string): Buffer {
  const id = parseName("customers/{customer}/resources/{resource}", resource)?.resource ?? "";
  if (!isUuid(id)) throw new RangeError("a resource is named customers/…/resources/…, by a UUID");
  return Buffer.from(uuidBytes(id));
}
