import { Client as GrpcClient, credentials, Metadata } from "@grpc/grpc-js";
import {
  DEADLINE_MS,
  type MethodDefinition,
  methodRule,
  type ServiceDefinition,
} from "@leasehold/contracts";
import type { CalledMethod, CallMetadata, Client } from "./call.ts";
import type { Channel } from "./channel.ts";
import { exchangeInterceptor } from "./exchange.ts";
import type { Transport } from "./transport.ts";
import { openDuplexStream } from "./duplex-stream.ts";
import { openServerStream } from "./server-stream.ts";
import { callUnary } from "./unary.ts";

/** What a client sends with its calls. */
export interface ClientOptions {
  /** Headers of one call, for example its credentials; asked anew before each. */
  readonly metadata?: (method: CalledMethod) => CallMetadata | Promise<CallMetadata>;
}

/**
 * The functions that call a service. Each sends the deadline that the contract names and
 * continues the trace it is called in. The client lives as long as its channel.
 */
export function client<Definition extends ServiceDefinition>(
  definition: Definition,
  channel: Channel,
  options: ClientOptions = {},
): Client<Definition> {
  const { onExchange } = channel;
  const grpc = new GrpcClient(channel.address, credentials.createInsecure(), {
    channelOverride: channel.transport,
    ...(onExchange && { interceptors: [exchangeInterceptor(definition, onExchange)] }),
  });
  const calls: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(definition.methods))
    calls[key] = callOf(transport(grpc, definition, method, options));
  return calls as Client<Definition>;
}

function callOf(method: Transport): unknown {
  if (method.definition.requestStream) return openDuplexStream(method);
  if (method.definition.responseStream) return openServerStream(method);
  return callUnary(method);
}

/** Fields that the caller left out are as in an empty message; on a busy stream that is not made up for. */
function complete({ requestStream, requestType }: MethodDefinition, message: unknown): unknown {
  return requestStream ? message : requestType.fromPartial(message as object);
}

function transport(
  grpc: GrpcClient,
  service: ServiceDefinition,
  definition: MethodDefinition,
  options: ClientOptions,
): Transport {
  const called: CalledMethod = { service: service.fullName, name: definition.name };
  const rule = methodRule(definition);
  return {
    grpc,
    called,
    definition,
    path: `/${service.fullName}/${definition.name}`,
    deadlineMs: rule && DEADLINE_MS[rule.deadline],
    serialize: (message) => {
      const bytes = definition.requestType.encode(complete(definition, message)).finish();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    deserialize: (bytes) => definition.responseType.decode(bytes),
    metadata: () => headers(options.metadata?.(called)),
  };
}

function headers(
  given: CallMetadata | Promise<CallMetadata> | undefined,
): Metadata | Promise<Metadata> {
  return given instanceof Promise ? given.then(toMetadata) : toMetadata(given ?? {});
}

function toMetadata(given: CallMetadata): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(given))
    for (const one of typeof value === "string" || Buffer.isBuffer(value) ? [value] : value)
      metadata.add(name, one);
  return metadata;
}
