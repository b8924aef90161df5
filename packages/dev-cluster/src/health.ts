import { makeClientConstructor, type ServiceError } from "@grpc/grpc-js";
import { secured } from "@leasehold/rpc-client";
import { service as healthService } from "grpc-health-check";

/** What a service says of itself; `UNREACHABLE` when it says nothing. */
export type Health = "SERVING" | "NOT_SERVING" | "UNREACHABLE";

interface HealthClient {
  check(
    request: { readonly service: string },
    options: { readonly deadline: number },
    callback: (error: ServiceError | null, response?: { readonly status: string }) => void,
  ): void;
  close(): void;
}

const HealthClient = makeClientConstructor(healthService, "grpc.health.v1.Health");

/** Asks once, over a new connection, so that an earlier refusal does not delay this one. */
export async function healthOf(
  address: string,
  service: string,
  authorities?: string,
): Promise<Health> {
  const { credentials, options } = secured(address, { authorities });
  const client = new HealthClient(address, credentials, {
    ...options,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
  }) as unknown as HealthClient;
  try {
    return await new Promise<Health>((resolve) => {
      client.check({ service }, { deadline: Date.now() + 1_000 }, (_error, response) => {
        if (response === undefined) resolve("UNREACHABLE");
        else resolve(response.status === "SERVING" ? "SERVING" : "NOT_SERVING");
      });
    });
  } finally {
    client.close();
  }
}
