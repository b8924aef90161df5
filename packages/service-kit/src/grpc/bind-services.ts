import type {
  Server,
  ServiceDefinition as GrpcServiceDefinition,
  UntypedHandleCall,
} from "@grpc/grpc-js";
import type { MethodDefinition } from "@leasehold/contracts";
import { decodeRequest } from "./codec.ts";
import { type GuardedMethod, guardedMethod } from "./guarded-method.ts";
import type {
  DuplexHandler,
  ServerStreamHandler,
  ServiceBinding,
  UnaryHandler,
} from "./handlers.ts";
import { serveDuplex } from "./serve-duplex.ts";
import { serveServerStream } from "./serve-server-stream.ts";
import { serveUnary } from "./serve-unary.ts";

/**
 * The methods of the bindings, by path, for the guard.
 * @throws Error if one has no complete rule.
 */
export function guardedMethods(
  bindings: readonly ServiceBinding[],
): ReadonlyMap<string, GuardedMethod> {
  const methods = bindings.flatMap(({ definition }) =>
    Object.values(definition.methods).map((method) => guardedMethod(definition, method)),
  );
  return new Map(methods.map((method) => [method.path, method]));
}

/** Adds a service to the transport's server. */
export function bindService(server: Server, { definition, handlers }: ServiceBinding): void {
  const service: Record<string, GrpcServiceDefinition[string]> = {};
  const implementation: Record<string, UntypedHandleCall> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    service[key] = transportMethod(guardedMethod(definition, method), method);
    implementation[key] = transportHandler(method, handlers[key]);
  }
  server.addService(service, implementation);
}

function transportMethod(
  { path, requestBytes }: GuardedMethod,
  method: MethodDefinition,
): GrpcServiceDefinition[string] {
  return {
    path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: asIs,
    requestDeserialize: (bytes) => decodeRequest(method, bytes, requestBytes),
    responseSerialize: asIs, // handlers hand over bytes, so that what does not encode is caught there
    responseDeserialize: asIs,
  };
}

/** The type of `implement` made sure that the handler fits its method. */
function transportHandler(method: MethodDefinition, handler: unknown): UntypedHandleCall {
  if (method.requestStream) return serveDuplex(method, handler as DuplexHandler<unknown, unknown>);
  if (method.responseStream)
    return serveServerStream(method, handler as ServerStreamHandler<unknown, unknown>);
  return serveUnary(method, handler as UnaryHandler<unknown, unknown>);
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
