import { activation, issuer } from "@leasehold/contracts";
import { client } from "@leasehold/rpc-client";
import { channelTo } from "../dial.ts";
import type { Stage } from "../stage.ts";
import type { Belongings } from "../world.ts";

/** What two want at the same time, and one may get. */
export interface Contest {
  readonly name: string;
  /** Lets two race for it, each on a connection of its own. @returns who won, one entry for each thing won */
  round(): Promise<readonly string[]>;
}

/** Where contests are held. */
export interface Arena {
  readonly stage: Stage;
  readonly own: Belongings;
  /** What lives as long as the contests. */
  readonly stack: AsyncDisposableStack;
}

/** A license with one seat to race for. */
export const SALE = {
  seats: 1,
  features: ["dataflow"],
  leaseTimes: { validityMs: 60_000, graceMs: 10_000 },
} as const;

/** Who gets something, by the name of what they got; refusals count for nothing. */
export async function winners(...tries: readonly Promise<string>[]): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(tries);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** A connection to the activation service. */
export function activationAt(
  { stage, stack }: Arena,
  headers: Readonly<Record<string, string>> = {},
) {
  const metadata = () => headers;
  const channel = stack.use(channelTo(stage.listeners.activation));
  return {
    unlocking: client(activation.ActivationServiceDefinition, channel, { metadata }),
    resources: client(activation.ResourceServiceDefinition, channel, { metadata }),
    offline: client(activation.OfflineServiceDefinition, channel, { metadata }),
    installations: client(activation.InstallationServiceDefinition, channel, { metadata }),
  };
}

/** A connection to the issuer. */
export function issuerAt({ stage, stack }: Arena, token = stage.cluster.adminToken) {
  const metadata = () => bearer(token);
  const channel = stack.use(channelTo(stage.listeners.issuer));
  return {
    issuing: client(issuer.IssuerServiceDefinition, channel, { metadata }),
    accounts: client(issuer.AccountServiceDefinition, channel, { metadata }),
    self: client(issuer.RegistrationServiceDefinition, channel, { metadata }),
  };
}

/** Who somebody is, by a bearer token. */
export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
