import {
  Metadata,
  type Server,
  ServerCredentials,
  type ServiceDefinition as GrpcDefinition,
  type status,
} from "@grpc/grpc-js";
import {
  durationFromMs,
  ErrorInfo,
  type MethodDefinition,
  RetryInfo,
  RpcStatus,
  type ServiceDefinition,
} from "@leasehold/contracts";

/** What a failed call ends with. */
export interface Failure {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** A failed call's status, with a reason as the contract has it. */
export function failure(
  code: status,
  reason: string,
  extra: { metadata?: Record<string, string>; retryAfterMs?: number } = {},
): Failure {
  const info = { reason, domain: "leasehold", metadata: extra.metadata ?? {} };
  const any = (name: string, value: Uint8Array) => ({
    typeUrl: `type.googleapis.com/google.rpc.${name}`,
    value: Buffer.from(value),
  });
  const details = [any("ErrorInfo", ErrorInfo.encode(info).finish())];
  if (extra.retryAfterMs !== undefined) {
    const retryDelay = durationFromMs(extra.retryAfterMs);
    details.push(any("RetryInfo", RetryInfo.encode({ retryDelay }).finish()));
  }
  const metadata = new Metadata();
  const encoded = RpcStatus.encode({ code, message: reason, details }).finish();
  metadata.set("grpc-status-details-bin", Buffer.from(encoded));
  return { code, details: reason, metadata };
}

/** A service of the contract as a plain server takes it. */
export function grpcDefinition({ fullName, methods }: ServiceDefinition): GrpcDefinition {
  return Object.fromEntries(
    Object.values(methods).map((method) => [method.name, grpcMethod(fullName, method)]),
  ) as unknown as GrpcDefinition;
}

/** @returns the address that the server listens on. */
export async function listenOn(server: Server, port = 0): Promise<string> {
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, at) =>
      error ? reject(error) : resolve(at),
    ),
  );
  return `127.0.0.1:${bound}`;
}

function grpcMethod(service: string, method: MethodDefinition): object {
  return {
    path: `/${service}/${method.name}`,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: (message: unknown) =>
      Buffer.from(method.requestType.encode(message).finish()),
    requestDeserialize: (bytes: Buffer) => method.requestType.decode(bytes),
    responseSerialize: (message: unknown) =>
      Buffer.isBuffer(message)
        ? message // already in the form that a test wants
        : Buffer.from(method.responseType.encode(message).finish()),
    responseDeserialize: (bytes: Buffer) => method.responseType.decode(bytes),
  };
}
