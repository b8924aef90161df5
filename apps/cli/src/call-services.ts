import {
  activation,
  issuer,
  type MethodDefinition,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";
import {
  type Channel,
  client,
  connect,
  type ServerStreamCall,
  type UnaryCall,
} from "@leasehold/rpc-client";
import type { MethodPath, Services } from "./command.ts";
import type { JsonObject } from "./json.ts";
import { JsonMapping } from "./json-mapping.ts";
import { type ServerAddress, serviceOf } from "./servers.ts";

/** A server, spoken to in JSON. */
export interface Server extends AsyncDisposable {
  /** Rejects with a `Problem`, or a `UsageError` if the request cannot be one. */
  readonly call: (method: MethodPath, request: JsonObject) => Promise<JsonObject>;
  /** The responses of a stream, or the one of a method that does not stream. */
  readonly stream: (method: MethodPath, request: JsonObject) => AsyncIterable<JsonObject>;
}

const DEFINITIONS: Services = {
  IssuerService: issuer.IssuerServiceDefinition,
  CatalogueService: issuer.CatalogueServiceDefinition,
  CustomerService: issuer.CustomerServiceDefinition,
  AccountService: issuer.AccountServiceDefinition,
  AdministratorService: issuer.AdministratorServiceDefinition,
  RegistrationService: issuer.RegistrationServiceDefinition,
  LicenseService: issuer.LicenseServiceDefinition,
  ProductKeyService: issuer.ProductKeyServiceDefinition,
  SigningService: issuer.SigningServiceDefinition,
  AuditService: issuer.AuditServiceDefinition,
  ActivationService: activation.ActivationServiceDefinition,
  NamedUserService: activation.NamedUserServiceDefinition,
  InstallationService: activation.InstallationServiceDefinition,
  SeatBrokerService: seatBroker.SeatBrokerServiceDefinition,
  UsageService: seatBroker.UsageServiceDefinition,
  ResourceService: activation.ResourceServiceDefinition,
  CountService: activation.CountServiceDefinition,
  OfflineService: activation.OfflineServiceDefinition,
  SiteService: activation.SiteServiceDefinition,
};

/** A connection to a server, made with the first call. */
export async function openServer({ address, token, security }: ServerAddress): Promise<Server> {
  const mapping = await JsonMapping.open();
  const channel = connect(address, security);
  const metadata = () => (token === undefined ? {} : { authorization: `Bearer ${token}` });

  async function* stream(path: MethodPath, json: JsonObject): AsyncGenerator<JsonObject> {
    const { definition, call } = methodOf(path, channel, metadata);
    const request = definition.requestType.decode(mapping.encodeRequest(path, json));
    const responses = definition.responseStream
      ? (call as ServerStreamCall<unknown, unknown>)(request)
      : [await (call as UnaryCall<unknown, unknown>)(request)];
    for await (const response of responses)
      yield mapping.decodeResponse(path, definition.responseType.encode(response).finish());
  }

  return {
    stream,
    call: async (path, json) => {
      for await (const response of stream(path, json)) return response;
      throw new RangeError(`${path} ended without a response`);
    },
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  };
}

function methodOf(
  path: MethodPath,
  channel: Channel,
  metadata: () => Record<string, string>,
): { readonly definition: MethodDefinition; readonly call: unknown } {
  const service = serviceOf(path);
  const services: Readonly<Record<keyof Services, ServiceDefinition>> = DEFINITIONS;
  const calls = client(services[service], channel, { metadata });
  return { definition: definitionOf(path), call: calls[path.slice(service.length + 1)] };
}

/** A method as the contract has it. */
export function definitionOf(path: MethodPath): MethodDefinition {
  const service = serviceOf(path);
  const services: Readonly<Record<keyof Services, ServiceDefinition>> = DEFINITIONS;
  const definition = services[service].methods[path.slice(service.length + 1)];
  if (!definition) throw new RangeError(`the contract has no ${path}`);
  return definition;
}
