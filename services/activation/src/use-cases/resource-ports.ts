import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { LicensedCustomer, Resource, ResourceFacts, ResourceRef } from "../domain/resource.ts";
import type { ResourceField } from "../domain/resource-list.ts";
import type { RequestIdentity } from "./ports.ts";

/** What is read of resources. Removed ones are as if they had never been. */
export interface ResourceReads {
  findResource(ref: ResourceRef): Promise<Resource | undefined>;
  /** The same, if it is bound to a license that may be used at `now`. */
  findLicensedResource(ref: ResourceRef, now: number): Promise<Resource | undefined>;
  /** @param licensedAt only those that are bound to a license that may be used at this time */
  listResources(
    customer: string,
    licensedAt: number | undefined,
    query: ListQuery<ResourceField>,
  ): Promise<Page<Resource>>;
  findCustomer(name: string): Promise<LicensedCustomer | undefined>;
  findEntitlement(license: string): Promise<LicenseFacts | undefined>;
}

/** A resource to register, with the id that it gets if it was never registered before. */
export interface NewResource extends ResourceFacts {
  readonly id: Uuid;
}

/** A resource that was to be registered. */
export interface Registered {
  readonly resource: Resource;
  /** Whether it was not there before. */
  readonly registered: boolean;
}

/** How many resources are bound. */
export interface Bound {
  readonly ofLicense: number;
  readonly ofCustomer: number;
}

/** What a mutation may do to resources. */
export interface ResourceWrites extends ResourceReads {
  /** Registers what is not there yet; each external id stands once. */
  register(
    customer: string,
    resources: readonly NewResource[],
    now: number,
  ): Promise<readonly Registered[]>;
  rename(ref: ResourceRef, displayName: string, now: number): Promise<Resource | undefined>;
  /**
   * From here to the end of the transaction nobody else changes what any resource is bound to, nor
   * any entitlement. Comes before whatever is decided about it is read.
   */
  lockBindings(): Promise<void>;
  countBound(customer: string, license: string): Promise<Bound>;
  /** Binds it, or unbinds it, and tells of its pool. Needs the lock. */
  bind(id: Uuid, license: string | undefined, now: number): Promise<Resource>;
  /** Needs the lock, and a resource that is bound to none. */
  remove(id: Uuid, now: number): Promise<void>;
}

/** A call that changes resources. */
export interface ResourceMutation extends RequestIdentity {
  /** Only whether it could be carried out is asked. */
  readonly validateOnly: boolean;
}

/** A change of resources that was carried out. */
export interface ResourceChange {
  /** For example `BindResource`. */
  readonly method: string;
  /** Who called. */
  readonly subject: string;
  /** Of whom. */
  readonly customer: string;
}

/** Resources, as they are kept. */
export interface ResourceStore extends ResourceReads {
  /**
   * Does the work in one transaction, once for each request id, and keeps its reply; nothing at
   * all where it is only tried.
   * @returns the reply, and whether it is of this call
   * @throws Problem REQUEST_ID_REUSED, REQUEST_IN_FLIGHT, or what the work throws
   */
  once(
    mutation: ResourceMutation,
    work: (writes: ResourceWrites) => Promise<Uint8Array>,
  ): Promise<{ readonly kind: "carried-out" | "repeated"; readonly reply: Uint8Array }>;
}
