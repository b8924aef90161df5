import type { ClientOptions } from "@leasehold/rpc-client";

/** Shows a service's bearer secret with each call; nothing where its certificate tells who it is. */
export function withServiceToken(token: string | undefined): ClientOptions {
  return token === undefined ? {} : { metadata: () => ({ authorization: `Bearer ${token}` }) };
}
