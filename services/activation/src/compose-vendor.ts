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
import { transferLimitOf } from "./clients/transfer-limit.ts";
import { installationEvents } from "./installation-events.ts";
import { pageTokensOf } from "./page-tokens-of.ts";
import { postgresInstallationLives } from "./store/postgres-installation-lives.ts";
import { postgresProvenEndings } from "./store/postgres-proven-endings.ts";
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
  const tokens = pageTokensOf(config.challengeKeys);
  const lives = postgresInstallationLives(postgres, transferLimitOf);
  const reportInstallation = installationEvents(kit.log);
  return {
    issuer,
    trustRoot,
    people: peopleAuthenticator({ ...config, issuer: channel, clock: kit.clock }),
    services: ({ unlock }) => [
      composeInstallations(kit, {
        lives,
        report: reportInstallation,
        issuer,
        pageTokens: tokens,
        stack,
      }),
      composeNamedUsers(postgres, kit, { pageTokens: tokens, report: report.namingChanged }),
      ...offlineBindings(config, {
        offlineRequests: postgresOfflineRequests(postgres),
        installations: { ...stores.installations, ...postgresKeyedInstallations(postgres) },
        unlock,
        proofs: {
          endings: postgresProvenEndings(postgres, lives, transferLimitOf),
          report: reportInstallation,
        },
        replies: unlock.replies,
        report: report.offlineAnswered,
      }),
      ...resourceBindings(postgres, {
        ...kit,
        pageTokens: tokens,
        report: report.resourcesChanged,
      }),
    ],
  };
}
