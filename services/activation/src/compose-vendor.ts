import { connect } from "@leasehold/rpc-client";
import { type Kit, peopleAuthenticator, type Transport } from "@leasehold/service-kit";
import type { Authority } from "./authority.ts";
import { grpcIssuer } from "./clients/grpc-issuer.ts";
import { composeInstallations } from "./compose-installations.ts";
import { composeNamedUsers } from "./compose-named-users.ts";
import { offlineBindings } from "./compose-offline.ts";
import { resourceBindings } from "./compose-resources.ts";
import type { Stores } from "./compose-stores.ts";
import type { ActivationConfig } from "./config.ts";
import type { Events } from "./events.ts";
import { pageSecret } from "./page-secret.ts";
import {
  postgresKeyedInstallations,
  postgresOfflineRequests,
} from "./store/postgres-offline-requests.ts";

/** In a vendor's cluster the issuer decides, and everything is served. */
export function composeVendor(
  config: ActivationConfig,
  kit: Pick<Kit, "log" | "clock" | "random">,
  parts: {
    readonly stores: Pick<Stores, "postgres" | "installations">;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
    readonly transport: Transport;
  },
): Authority {
  const { stores, report, stack, transport } = parts;
  const { postgres } = stores;
  const { serviceToken, trustRoot } = config;
  const channel = stack.use(connect(config.issuerAddress, transport.to("issuer")));
  const issuer = grpcIssuer(channel, serviceToken);
  const secret = pageSecret(config.challengeKeys);
  return {
    issuer,
    trustRoot,
    people: peopleAuthenticator({ ...config, issuer: channel, clock: kit.clock }),
    services: ({ unlock }) => [
      composeInstallations(config, kit, { postgres, issuer, stack }),
      composeNamedUsers(postgres, kit, { secret, report: report.namingChanged }),
      ...offlineBindings(config, {
        offlineRequests: postgresOfflineRequests(postgres),
        installations: { ...stores.installations, ...postgresKeyedInstallations(postgres) },
        unlock,
        replies: unlock.replies,
        report: report.offlineAnswered,
      }),
      ...resourceBindings(postgres, secret, { ...kit, report: report.resourcesChanged }),
    ],
  };
}
