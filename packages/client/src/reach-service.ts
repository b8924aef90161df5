import type { ServiceDefinition } from "@leasehold/contracts";
import {
  type CalledMethod,
  type CallMetadata,
  type Client,
  client,
  type Exchange,
  openChannel,
} from "@leasehold/rpc-client";
import { type ServerSecurity, securityOf } from "./server-security.ts";

/*
 * gRPC comes with this file, and takes as long to load as all the rest. So it is imported where a server is spoken to,
 * at that time: an application that opens its installation and shows its window has no need of it.
 */

/** How a service is reached, and what is shown to it. */
export interface ReachOptions {
  readonly security: ServerSecurity;
  /** Headers of one call; asked anew before each. */
  readonly metadata?: (method: CalledMethod) => CallMetadata | Promise<CallMetadata>;
  /** Told of every exchange with it, when it is over. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

/** A service that can be called until it is let go. */
export interface ReachedService<Definition extends ServiceDefinition> extends AsyncDisposable {
  readonly client: Client<Definition>;
}

/**
 * Reaches a service at an address.
 * @throws Error if the environment says of security what cannot be meant
 */
export function reachService<Definition extends ServiceDefinition>(
  definition: Definition,
  address: string,
  { security, metadata, onExchange }: ReachOptions,
): ReachedService<Definition> {
  const channel = openChannel(address, [definition], {
    ...securityOf(security),
    ...(onExchange && { onExchange }),
  });
  return {
    client: client(definition, channel, metadata && { metadata }),
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  };
}
