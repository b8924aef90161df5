import type { Clock } from "@leasehold/kernel";
import type { LicenseFacts, LicenseTerms } from "../domain/license-facts.ts";
import type { Resource, ResourceRef } from "../domain/resource.ts";
import * as problems from "../domain/resource-problems.ts";
import type { ResourceWrites } from "./resource-ports.ts";

/** What binding needs. */
export interface BindPorts {
  readonly clock: Pick<Clock, "now">;
  /** How many resources terms let be bound; any number if `undefined`. */
  readonly resourceLimitOf: (terms: LicenseTerms) => number | undefined;
}

/** What a resource is to be bound to. */
export interface BindCommand {
  readonly resource: ResourceRef;
  /** Of the resource's customer. */
  readonly license: string;
}

/**
 * Binds a resource that is bound to none, or to this license already.
 * @throws Problem NOT_FOUND, STATE_CONFLICT if it is bound to another license, RESOURCE_LIMIT,
 *   RESOURCE_NOT_LICENSED if the license is of another model, LICENSE_REVOKED, LICENSE_EXPIRED
 */
export async function bindResource(
  ports: BindPorts,
  writes: ResourceWrites,
  { resource: ref, license }: BindCommand,
): Promise<Resource> {
  const resource = await boundNow(writes, ref);
  if (resource.license === license) return resource;
  if (resource.license !== undefined) throw problems.bindingConflict("BOUND");
  const { limit, ofLicense, ofCustomer } = await roomOf(ports, writes, resource, license);
  refuseBeyond("license", limit, ofLicense);
  const customer = await writes.findCustomer(resource.customer);
  refuseBeyond("customer", customer?.resources, ofCustomer);
  return writes.bind(resource.id, license, ports.clock.now());
}

/**
 * Binds a bound resource to another license: the customer has no more bound ones by that, so a
 * maximum that was lowered since does not stand in the way.
 * @throws Problem as `bindResource`; STATE_CONFLICT if it is bound to none
 */
export async function moveResource(
  ports: BindPorts,
  writes: ResourceWrites,
  { resource: ref, license }: BindCommand,
): Promise<Resource> {
  const resource = await boundNow(writes, ref);
  if (resource.license === license) return resource;
  if (resource.license === undefined) throw problems.bindingConflict("UNBOUND");
  const { limit, ofLicense } = await roomOf(ports, writes, resource, license);
  refuseBeyond("license", limit, ofLicense);
  return writes.bind(resource.id, license, ports.clock.now());
}

/**
 * Unbinds a resource, if it is bound.
 * @throws Problem NOT_FOUND
 */
export async function unbindResource(
  { clock }: Pick<BindPorts, "clock">,
  writes: ResourceWrites,
  ref: ResourceRef,
): Promise<Resource> {
  const resource = await boundNow(writes, ref);
  return resource.license === undefined
    ? resource
    : writes.bind(resource.id, undefined, clock.now());
}

/**
 * Removes a resource that is bound to none.
 * @throws Problem NOT_FOUND, STATE_CONFLICT if it is bound
 */
export async function removeResource(
  { clock }: Pick<BindPorts, "clock">,
  writes: ResourceWrites,
  ref: ResourceRef,
): Promise<Resource> {
  const resource = await boundNow(writes, ref);
  if (resource.license !== undefined) throw problems.bindingConflict("BOUND");
  await writes.remove(resource.id, clock.now());
  return resource;
}

/** The lock first: what is read behind it stays so until the transaction ends. */
async function boundNow(writes: ResourceWrites, ref: ResourceRef): Promise<Resource> {
  await writes.lockBindings();
  const resource = await writes.findResource(ref);
  if (resource === undefined) throw problems.resourceNotFound();
  return resource;
}

async function roomOf(
  { clock, resourceLimitOf }: BindPorts,
  writes: ResourceWrites,
  { customer }: Resource,
  name: string,
) {
  const license = await writes.findEntitlement(name);
  if (license === undefined) throw problems.licenseNotFound();
  refuseUnfit(license, clock.now());
  const bound = await writes.countBound(customer, name);
  return { ...bound, limit: resourceLimitOf(license.terms) };
}

/** A license that is suspended, or has not begun, may come to be used; one that is over may not. */
function refuseUnfit({ state, terms }: LicenseFacts, now: number): void {
  if (terms.model !== "RESOURCE") throw problems.modelWithoutResources();
  if (state === "REVOKED") throw problems.licenseRevoked();
  if (terms.endTime <= now) throw problems.licenseExpired(terms.endTime);
}

function refuseBeyond(of: "license" | "customer", limit: number | undefined, bound: number): void {
  if (limit !== undefined && bound >= limit) throw problems.resourceLimit(of, limit);
}
