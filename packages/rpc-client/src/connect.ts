import { SERVICES, type ServiceDefinition } from "@leasehold/contracts";
import { type Channel, type ChannelOptions, openChannel } from "./channel.ts";

/** How to connect, and to what. */
export interface ConnectOptions extends ChannelOptions {
  /** The services that are called through the channel; all of the contract if absent. */
  readonly services?: readonly ServiceDefinition[];
}

/** A channel for any service of the contract. */
export function connect(
  address: string,
  { services = SERVICES, ...options }: ConnectOptions = {},
): Channel {
  return openChannel(address, services, options);
}
