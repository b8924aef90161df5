import type { ServiceConfig } from "@grpc/grpc-js";
import type { MethodDefinition, ServiceDefinition } from "@leasehold/contracts";

/** How often and how slowly a call is tried again while the server cannot be reached. */
const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.1s",
  maxBackoff: "1s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};

/**
 * What a channel does by itself, as the contract has it: go round the servers, and try
 * again upon UNAVAILABLE where the method says that this is harmless, unary calls only.
 * Deadlines are set by each call, so that its time on this side is counted too.
 */
export function serviceConfig(services: readonly ServiceDefinition[]): ServiceConfig {
  const name = services.flatMap((service) =>
    Object.values(service.methods)
      .filter(isRepeatable)
      .map((method) => ({ service: service.fullName, method: method.name })),
  );
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: name.length === 0 ? [] : [{ name, retryPolicy }],
    retryThrottling: { maxTokens: 100, tokenRatio: 0.1 },
  };
}

function isRepeatable(method: MethodDefinition): boolean {
  const unary = !method.requestStream && !method.responseStream;
  return unary && method.options.idempotencyLevel !== undefined;
}
