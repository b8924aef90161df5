import { isUuid, parseName, type Uuid } from "@leasehold/kernel";

/** A thing of a customer's that is licensed by itself. Times are in milliseconds since 1970. */
export interface Resource {
  readonly id: Uuid;
  /** `customers/{customer}`. */
  readonly customer: string;
  /** What the thing calls itself; unique among the customer's. */
  readonly externalId: string;
  readonly displayName: string;
  /** For example `database`. */
  readonly kind: string;
  /** `customers/{customer}/licenses/{license}`; absent if it is bound to none. */
  readonly license: string | undefined;
  readonly createTime: number;
  readonly updateTime: number;
}

/** What is told of a resource that is to be registered. */
export type ResourceFacts = Pick<Resource, "externalId" | "displayName" | "kind">;

/** Which resource is meant. */
export type ResourceRef = Pick<Resource, "customer" | "id">;

/** What of a customer bears on its licenses. */
export interface LicensedCustomer {
  /** `customers/{customer}`. */
  readonly name: string;
  readonly revision: bigint;
  /** How many resources it may bind, over all its licenses; any number if absent. */
  readonly resources?: number | undefined;
}

/** The kind of a resource that tells none. */
export const DEFAULT_KIND = "database";

/** The resource name of a resource. */
export function resourceName({ customer, id }: ResourceRef): string {
  return `${customer}/resources/${id}`;
}

/** The resource of a name; `undefined` if it is none. */
export function resourceOfName(name: string): ResourceRef | undefined {
  const parts = parseName("customers/{customer}/resources/{resource}", name);
  if (parts === undefined || !isUuid(parts.resource)) return undefined;
  return { customer: `customers/${parts.customer}`, id: parts.resource };
}

/** The customer of a license's name; `undefined` if it is none. */
export function customerOfLicense(name: string): string | undefined {
  const parts = parseName("customers/{customer}/licenses/{license}", name);
  return parts && `customers/${parts.customer}`;
}
