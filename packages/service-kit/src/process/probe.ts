import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";

const LIMIT_MS = 2_000;

/**
 * Asks the probes' listener of a service on this machine, for containers that have no other program to ask with.
 * @param address where it listens; `0.0.0.0` and `[::]` mean this machine
 * @returns what is wrong, `undefined` if it serves
 */
export async function probe(address: string): Promise<string | undefined> {
  const here = address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");
  const check = healthService["Check"];
  if (!check) throw new Error("grpc.health.v1.Health has no Check");
  const client = new Client(here, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  try {
    return await new Promise<string | undefined>((resolve) => {
      client.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        { service: "" },
        { deadline: Date.now() + LIMIT_MS },
        (failure: ServiceError | null, answer: unknown) => {
          const { status } = (answer ?? { status: failure?.message }) as { status?: string };
          resolve(status === "SERVING" ? undefined : `${here}: ${status ?? "no answer"}`);
        },
      );
    });
  } finally {
    client.close();
  }
}
