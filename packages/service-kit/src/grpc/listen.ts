import { isIP } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";

/** Where to listen, and under which security. */
export interface ListenOptions {
  readonly address: string;
  readonly credentials?: ServerCredentials;
  readonly plaintext?: boolean;
}

/**
 * Listens.
 * @throws Error if the address cannot be had, or would be served in plaintext beyond this
 *   machine without being told to.
 */
export async function listen(
  server: Server,
  { address, credentials, plaintext }: ListenOptions,
): Promise<{ readonly port: number; readonly address: string }> {
  const host = address.slice(0, address.lastIndexOf(":"));
  if (!credentials && !plaintext && !isLoopback(host))
    throw new Error(
      `${address} is not loopback: transport security is required, or plaintext must be allowed`,
    );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials ?? ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, address: `${host}:${port}` };
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "localhost" || host === "[::1]";
}
