import { activation } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import type { Resource } from "../domain/resource.ts";
import { customerNotFound, resourceNotFound } from "../domain/resource-problems.ts";
import * as bindings from "../use-cases/bind-resource.ts";
import { getResource } from "../use-cases/get-resource.ts";
import {
  importResources,
  registerResource,
  type RegisterPorts,
} from "../use-cases/register-resources.ts";
import type { ResourceStore } from "../use-cases/resource-ports.ts";
import { type ChangeHandler, type ChangePorts, changing } from "./change-resources.ts";
import { customerScope } from "./customer-scope.ts";
import * as parse from "./parse-resource.ts";
import { presentResource } from "./present-resource.ts";

const { methods } = activation.ResourceServiceDefinition;

/** What the service's methods need. */
export interface ResourceServicePorts extends RegisterPorts, bindings.BindPorts, ChangePorts {
  readonly clock: RegisterPorts["clock"];
  readonly resources: ResourceStore;
  readonly pageTokens: PageTokens;
}

/** The methods of `leasehold.activation.v1.ResourceService`. */
export function resourceService(ports: ResourceServicePorts): ServiceBinding {
  const { clock, resources, pageTokens } = ports;
  const change = changing(ports);
  return implement(activation.ResourceServiceDefinition, {
    ...registering(ports, change),
    ...binding(ports, change),
    getResource: async (request, { principal }) => {
      const ref = parse.parseGetResource(request);
      const scope = customerScope(principal);
      scope.see(ref.customer, resourceNotFound);
      return told(await getResource(resources, ref, scope.licensedOnly, clock.now()));
    },
    listResources: async (request, { principal }) => {
      const scope = customerScope(principal);
      const asked = parse.parseListResources(request, pageTokens, scope.licensedOnly);
      scope.see(asked.customer, customerNotFound);
      const licensedAt = asked.licensedOnly ? clock.now() : undefined;
      const page = await resources.listResources(asked.customer, licensedAt, asked.query);
      const nextPageToken = asked.nextPageToken(page);
      return { resources: page.items.map(presentResource), nextPageToken };
    },
  });
}

function registering(ports: ResourceServicePorts, change: ChangeHandler) {
  return {
    registerResource: change(
      methods.registerResource,
      parse.readRegister,
      async (writes, { customer, facts }) =>
        told(await registerResource(ports, writes, customer, facts)),
    ),
    importResources: change(
      methods.importResources,
      parse.readImport,
      async (writes, { customer, resources }) => {
        const imported = await importResources(ports, writes, customer, resources);
        return {
          resources: imported.map(({ resource, registered }) => ({
            ...told(resource),
            registered,
          })),
        };
      },
    ),
    renameResource: change(
      methods.renameResource,
      parse.readRename,
      async (writes, { resource, displayName }) => {
        const renamed = await writes.rename(resource, displayName, ports.clock.now());
        if (renamed === undefined) throw resourceNotFound();
        return told(renamed);
      },
    ),
  };
}

function binding(ports: ResourceServicePorts, change: ChangeHandler) {
  return {
    bindResource: change(methods.bindResource, parse.readBinding, async (writes, command) =>
      told(await bindings.bindResource(ports, writes, command)),
    ),
    moveResource: change(methods.moveResource, parse.readBinding, async (writes, command) =>
      told(await bindings.moveResource(ports, writes, command)),
    ),
    unbindResource: change(methods.unbindResource, parse.readTarget, async (writes, command) =>
      told(await bindings.unbindResource(ports, writes, command.resource)),
    ),
    removeResource: change(methods.removeResource, parse.readTarget, async (writes, command) =>
      told(await bindings.removeResource(ports, writes, command.resource)),
    ),
  };
}

function told(resource: Resource): { resource: activation.Resource } {
  return { resource: presentResource(resource) };
}
