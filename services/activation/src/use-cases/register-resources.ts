import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import type { Resource, ResourceFacts } from "../domain/resource.ts";
import { customerNotFound, resourceExists } from "../domain/resource-problems.ts";
import type { Registered, ResourceWrites } from "./resource-ports.ts";

/** What registering needs of the process. */
export interface RegisterPorts {
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/**
 * Registers what the customer does not have yet, and leaves the others as they are.
 * @param resources no external id twice
 * @returns one for each, in their order
 * @throws Problem NOT_FOUND if the customer is not known, or was never sold a license
 */
export async function importResources(
  { clock, random }: RegisterPorts,
  writes: ResourceWrites,
  customer: string,
  resources: readonly ResourceFacts[],
): Promise<readonly Registered[]> {
  if (!(await writes.findCustomer(customer))) throw customerNotFound();
  const entered = resources.map((facts) => ({ ...facts, id: newUuid(clock, random) }));
  const registered = await writes.register(customer, entered, clock.now());
  const byExternalId = new Map(registered.map((one) => [one.resource.externalId, one]));
  return resources.map(({ externalId }) => {
    const one = byExternalId.get(externalId);
    if (one === undefined) throw new Error("a resource was neither registered nor found");
    return one;
  });
}

/**
 * Registers a resource that the customer does not have.
 * @throws Problem NOT_FOUND as `importResources`, ALREADY_EXISTS
 */
export async function registerResource(
  ports: RegisterPorts,
  writes: ResourceWrites,
  customer: string,
  facts: ResourceFacts,
): Promise<Resource> {
  const [one] = await importResources(ports, writes, customer, [facts]);
  if (!one?.registered) throw resourceExists();
  return one.resource;
}
