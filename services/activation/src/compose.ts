import { activation } from "@leasehold/contracts";
import {
  type Authenticator,
  bearerAuthenticator,
  firstOf,
  installationAuthenticator,
  type Kit,
  serve,
  type Server,
  type ServiceBinding,
  serveSettings,
  inBackground,
  openTransport,
  pause,
  type Transport,
} from "@leasehold/service-kit";
import type { Authority } from "./authority.ts";
import { keepMetrics, openMetrics } from "./compose-metrics.ts";
import { composeSite } from "./compose-site.ts";
import { openStores, type Stores } from "./compose-stores.ts";
import { composeUnlock } from "./compose-unlock.ts";
import { composeVendor } from "./compose-vendor.ts";
import type { ActivationConfig } from "./config.ts";
import type { SiteConfig } from "./config-site.ts";
import { events } from "./events.ts";
import { activationService } from "./rpc/activation-service.ts";
import { followLicenses } from "./use-cases/follow-licenses.ts";
import { recallTrust, type TrustPorts } from "./use-cases/refresh-trust.ts";

const SERVICE = activation.ActivationServiceDefinition.fullName;

/** The service as it runs. */
export interface Activation extends AsyncDisposable {
  readonly server: Server;
}

/** What composing takes of the process. */
export type ActivationKit = Pick<Kit, "log" | "clock" | "random"> & Partial<Pick<Kit, "metrics">>;

/** Puts the service together: what is made last is let go first. A site is its own issuer. */
export async function compose(
  config: ActivationConfig | SiteConfig,
  kit: ActivationKit,
): Promise<Activation> {
  await using stack = new AsyncDisposableStack();
  const measured = openMetrics(kit.metrics);
  const report = events(kit.log, measured);
  const stores = await openStores(config, report, stack);
  const transport = stack.use(await openTransport(config, kit.log));
  keepMetrics(measured, { postgres: stores.postgres, transport }, stack);
  const { metrics } = measured;
  const authority =
    "siteDirectory" in config
      ? await composeSite(config, kit, { stores, stack, transport })
      : composeVendor(config, kit, { stores, report, stack, transport });
  const { issuer, people } = authority;
  const trust = trustPorts(config, authority, stores.trust);
  report.trustRecalled(await recallTrust(trust));
  inBackground(stack, (signal) =>
    followLicenses(
      { issuer, feed: stores.feed, trust, pause, random: Math.random, report: report.followed },
      signal,
    ),
  );
  const unlocking = await composeUnlock(config, kit, {
    postgres: stores.postgres,
    issuer,
    audience: `${config.deployment}/${SERVICE}`,
    report,
    stack,
  });
  const bindings = [
    activationService({
      ...unlocking,
      installations: stores.installations,
      watch: { feed: stores.feed, trust: stores.trust },
    }),
    ...authority.services(unlocking),
  ];
  const { health } = stores;
  const server = stack.use(
    await listen(config, { ...kit, metrics }, { transport, health, trust, people, bindings }),
  );
  const letGo = stack.move();
  return { server, [Symbol.asyncDispose]: () => letGo.disposeAsync() };
}

function trustPorts(
  { deployment }: Pick<ActivationConfig, "deployment">,
  { issuer, trustRoot: rootKey }: Pick<Authority, "issuer" | "trustRoot">,
  store: Stores["trust"],
): TrustPorts {
  return { issuer, store, inForce: { bundle: undefined }, deployment, rootKey };
}

function listen(
  config: ActivationConfig | SiteConfig,
  { log, clock, metrics }: Pick<Kit, "log" | "clock" | "metrics">,
  parts: {
    readonly transport: Transport;
    readonly health: Stores["health"];
    readonly trust: TrustPorts;
    readonly people: Authenticator;
    readonly bindings: readonly ServiceBinding[];
  },
): Promise<Server> {
  const { health, trust, bindings } = parts;
  const { deployment } = config;
  const authenticate = firstOf(
    parts.people,
    bearerAuthenticator(config.bearerTokens),
    installationAuthenticator({
      trust: () => trust.inForce.bundle,
      deployment,
      service: [SERVICE, activation.InstallationServiceDefinition.fullName],
      clock,
    }),
  );
  return serve({
    ...serveSettings(config),
    transport: parts.transport,
    bindings,
    authenticate,
    stores: [health],
    log,
    clock,
    metrics,
  });
}
