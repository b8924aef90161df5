import { activation } from "@leasehold/contracts";
import { type Clock, systemClock, systemRandom } from "@leasehold/kernel";
import type { Client, Exchange } from "@leasehold/rpc-client";
import { installationCredentials } from "./installation-credentials.ts";
import type { Installation } from "./installation.ts";
import type { ServerSecurity } from "./server-security.ts";

/** How activation is reached. */
export interface ActivationAccess extends ServerSecurity {
  /** `host:port`. */
  readonly activation: string;
  /** Gives up. What was asked for may be carried out all the same, and can be repeated. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Told of every exchange with it, when it is over. */
  readonly onExchange?: (exchange: Exchange) => void;
}

type Service = Client<typeof activation.InstallationServiceDefinition>;

/** Calls activation as an installation; once more with the server's time, if this machine's was wrong. */
export async function callAsInstallation<Response>(
  access: ActivationAccess,
  installation: Installation,
  send: (service: Service, options: { readonly signal?: AbortSignal }) => Promise<Response>,
): Promise<Response> {
  const { activation: address, signal, clock = systemClock, onExchange } = access;
  const definition = activation.InstallationServiceDefinition;
  const random = systemRandom;
  const shown = installationCredentials(installation, definition.fullName, { clock, random });
  const { reachService } = await import("./reach-service.ts");
  await using reached = reachService(definition, address, {
    security: access,
    metadata: () => shown.metadata(),
    onExchange,
  });
  const service = reached.client;
  const options = signal ? { signal } : {};
  const dated = shown.offset;
  try {
    return await send(service, options);
  } catch (failure) {
    if (!shown.correct(failure, dated)) throw failure;
    return await send(service, options);
  }
}
