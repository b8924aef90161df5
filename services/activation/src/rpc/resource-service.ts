import { activation, type MethodDefinition } from "@leasehold/contracts";
import type { Clock } from "@leasehold/kernel";
import type { PageTokens } from "@leasehold/list-query";
import {
  type Check,
  implement,
  parseRequest,
  principalId,
  type ServiceBinding,
  type UnaryHandler,
} from "@leasehold/service-kit";
import type { Resource } from "../domain/resource.ts";
import { customerNotFound, resourceNotFound } from "../domain/resource-problems.ts";
import * as bindings from "../use-cases/bind-resource.ts";
import {
  importResources,
  registerResource,
  type RegisterPorts,
} from "../use-cases/register-resources.ts";
import type { ResourceChange, ResourceStore, ResourceWrites } from "../use-cases/resource-ports.ts";
import { customerScope } from "./customer-scope.ts";
import * as parse from "./parse-resource.ts";
import { presentResource } from "./present-resource.ts";

const { methods } = activation.ResourceServiceDefinition;

/** What the service's methods need. */
export interface ResourceServicePorts extends RegisterPorts, bindings.BindPorts {
  readonly resources: ResourceStore;
  readonly clock: Clock;
  readonly pageTokens: PageTokens;
  readonly report: (change: ResourceChange) => void;
}

interface Mutating {
  readonly requestId: string;
  readonly validateOnly?: boolean;
}

/** What a call would change: whose it is decides whether it may. */
interface Aim {
  readonly customer: string;
  /** Whether what was asked for is a resource; else the customer. */
  readonly ofResource: boolean;
}

/** The methods of `leasehold.activation.v1.ResourceService`. */
export function resourceService(ports: ResourceServicePorts): ServiceBinding {
  const { clock, resources } = ports;
  const change = changing(ports);
  const told = (resource: Resource) => ({ resource: presentResource(resource) });
  return implement(activation.ResourceServiceDefinition, {
    registerResource: change(
      methods.registerResource,
      parse.readRegister,
      ofCustomer,
      async (writes, { customer, resources: [facts] }) => {
        if (facts === undefined) throw new Error("a resource was read and is not there");
        return told(await registerResource(ports, writes, customer, facts));
      },
    ),
    importResources: change(
      methods.importResources,
      parse.readImport,
      ofCustomer,
      async (writes, command) => {
        const imported = await importResources(ports, writes, command);
        return {
          resources: imported.map(({ registered, ...one }) => ({
            ...told(one.resource),
            registered,
          })),
        };
      },
    ),
    renameResource: change(
      methods.renameResource,
      parse.readRename,
      ofResource,
      async (writes, { resource, displayName }) => {
        const renamed = await writes.rename(resource, displayName, clock.now());
        if (renamed === undefined) throw resourceNotFound();
        return told(renamed);
      },
    ),
    bindResource: change(
      methods.bindResource,
      parse.readBinding,
      ofResource,
      async (writes, command) => told(await bindings.bindResource(ports, writes, command)),
    ),
    moveResource: change(
      methods.moveResource,
      parse.readBinding,
      ofResource,
      async (writes, command) => told(await bindings.moveResource(ports, writes, command)),
    ),
    unbindResource: change(
      methods.unbindResource,
      parse.readTarget,
      ofResource,
      async (writes, { resource }) =>
        told(await bindings.unbindResource(writes, resource, clock.now())),
    ),
    removeResource: change(
      methods.removeResource,
      parse.readTarget,
      ofResource,
      async (writes, { resource }) =>
        told(await bindings.removeResource(writes, resource, clock.now())),
    ),
    getResource: async (request, { principal }) => {
      const ref = parse.parseGetResource(request);
      const scope = customerScope(principal);
      scope.see(ref.customer, resourceNotFound);
      const found = scope.licensedOnly
        ? await resources.findLicensedResource(ref, clock.now())
        : await resources.findResource(ref);
      if (found === undefined) throw resourceNotFound();
      return told(found);
    },
    listResources: async (request, { principal }) => {
      const scope = customerScope(principal);
      const { customer, licensedOnly, query, nextPageToken } = parse.parseListResources(
        request,
        ports.pageTokens,
        scope.licensedOnly,
      );
      scope.see(customer, customerNotFound);
      const at = licensedOnly ? clock.now() : undefined;
      const page = await resources.listResources(customer, at, query);
      return { resources: page.items.map(presentResource), nextPageToken: nextPageToken(page) };
    },
  });
}

const ofCustomer = ({ customer }: { readonly customer: string }): Aim => ({
  customer,
  ofResource: false,
});
const ofResource = ({ resource }: { readonly resource: { readonly customer: string } }): Aim => ({
  customer: resource.customer,
  ofResource: true,
});

/** Handlers of methods that change something: read as a whole, allowed, then carried out once. */
function changing({ resources, report }: ResourceServicePorts) {
  return <Request extends Mutating, Response, Command>(
    method: MethodDefinition<Request, Response>,
    read: (check: Check, request: Request) => Command,
    aimOf: (command: Command) => Aim,
    carryOut: (writes: ResourceWrites, command: Command) => Promise<Response>,
  ): UnaryHandler<Request, Response> =>
    async (request, { principal }) => {
      const { requestId, command } = parseRequest((check) => ({
        requestId: check.uuid("request_id", request.requestId),
        command: read(check, request),
      }));
      const { customer, ofResource: isResource } = aimOf(command);
      customerScope(principal).change(customer, isResource ? resourceNotFound : customerNotFound);
      const mutation = {
        requestId,
        method: method.name,
        body: method.requestType.encode(request).finish(),
        validateOnly: request.validateOnly ?? false,
      };
      const { kind, reply } = await resources.once(mutation, async (writes) =>
        method.responseType.encode(await carryOut(writes, command)).finish(),
      );
      if (kind === "carried-out" && !mutation.validateOnly)
        report({ method: method.name, subject: principalId(principal), customer });
      return method.responseType.decode(reply);
    };
}
