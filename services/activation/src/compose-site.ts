import { isSiteKey, openInstallation } from "@leasehold/client";
import { newUuid } from "@leasehold/kernel";
import { connect, type Exchange } from "@leasehold/rpc-client";
import {
  inBackground,
  type Kit,
  pause,
  type ServiceBinding,
  type Transport,
} from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { Authority } from "./authority.ts";
import { exchangeLog, type ExchangeLog } from "./clients/exchange-log.ts";
import { grpcSiteSeatBroker } from "./clients/grpc-site-seat-broker.ts";
import { grpcVendor } from "./clients/grpc-vendor.ts";
import type { SiteConfig } from "./config-site.ts";
import { siteClock } from "./domain/site-clock.ts";
import { type SiteEvents, siteEvents } from "./site-events.ts";
import { siteService } from "./rpc/site-service.ts";
import { postgresInstallationLives } from "./store/postgres-installation-lives.ts";
import { postgresEnded, postgresSite, postgresSiteKeys } from "./store/postgres-site.ts";
import type { EntitlementFeed, Issuer, TrustStore } from "./use-cases/ports.ts";
import { composeInstallations } from "./compose-installations.ts";
import { transferLimitOf } from "./clients/transfer-limit.ts";
import { siteInstallation } from "./clients/site-installation.ts";
import { installationEvents } from "./installation-events.ts";
import { pageTokensOf } from "./page-tokens-of.ts";
import { CertificateKeeper, keepCertificates } from "./use-cases/keep-certificates.ts";
import { siteRevocations } from "./use-cases/site-revocations.ts";
import { AllotmentKeeper } from "./use-cases/keep-allotment.ts";
import { followVendor, runSite, type SiteState } from "./use-cases/run-site.ts";
import { siteIssuer } from "./use-cases/site-issuer.ts";
import { openSiteKeys } from "./use-cases/site-keys.ts";
import { SitePublication } from "./use-cases/site-publication.ts";
import type { SiteMemory, Vendor } from "./use-cases/site-ports.ts";

/** The stores that a site shares with the rest of the service. */
interface SharedStores {
  readonly postgres: Postgres;
  readonly feed: Pick<EntitlementFeed, "read" | "issuerCursor">;
  readonly trust: TrustStore;
}

type SiteKit = Pick<Kit, "log" | "clock" | "random">;

/** What is there to put a site together with. */
interface SiteParts {
  readonly stores: SharedStores;
  readonly transport: Transport;
  readonly stack: AsyncDisposableStack;
}

/** Puts a license server at a customer's site together; it looks after its seats until the stack is let go. */
export async function composeSite(
  config: SiteConfig,
  kit: SiteKit,
  parts: SiteParts,
): Promise<Authority> {
  const { clock, random } = kit;
  const { postgres, trust } = parts.stores;
  const { deployment, siteDirectory } = config;
  const keyRing = await openSiteKeys({
    keys: postgresSiteKeys(postgres),
    trust,
    deployment,
    keyEncryptionKeys: config.siteKeyEncryptionKey,
    leasePublicKeys: config.siteLeasePublicKeys ?? [],
    clock,
    random,
  });
  const trustRoot = keyRing.rootPublicKey;
  const running = await startSite(config, kit, parts);
  const { state, publication, siteNow } = running;
  const license = () => state.license;
  const issuer = {
    ...siteIssuer({
      keyRing,
      publication,
      license,
      isSiteKey: (productKey) => isSiteKey(siteDirectory, productKey),
      clock,
      random,
    }),
    ...siteRevocations({ keyRing, license, ended: () => postgresEnded(postgres), siteNow }),
  };
  return {
    issuer,
    trustRoot,
    people: () => undefined,
    services: ({ unlock }) => [
      siteService({ ...running, deployment, trustRoot, replies: unlock.replies }),
      clientComputers(config, kit, { ...parts, issuer }),
    ],
  };
}

/** The installations of the site's own client computers over their lives. */
function clientComputers(
  { challengeKeys }: SiteConfig,
  kit: SiteKit,
  { stores, issuer, stack }: SiteParts & { readonly issuer: Issuer },
): ServiceBinding {
  return composeInstallations(kit, {
    lives: postgresInstallationLives(stores.postgres, transferLimitOf),
    report: installationEvents(kit.log),
    issuer,
    pageTokens: pageTokensOf(challengeKeys),
    stack,
  });
}

/** Begins to look after the seats. */
async function startSite(config: SiteConfig, kit: SiteKit, parts: SiteParts) {
  const { stores, stack, transport } = parts;
  const { log, clock, random } = kit;
  const report = siteEvents(log);
  const store = postgresSite(stores.postgres);
  const process = newUuid(clock, random);
  const memory = await store.enter(process);
  await checkLicense(config, memory);
  const siteNow = siteClock(clock, memory.seenTime);
  const exchanges = openExchangeLog(config, report.exchangeLogFailed, stack);
  const vendor = vendorOf(config, kit, { exchanges, stack });
  const seatBroker = grpcSiteSeatBroker(
    stack.use(connect(config.siteSeatBroker, transport.toPublic)),
    config.siteSeatBrokerToken,
  );
  const wish = { seats: config.siteSeats, featureSeats: config.siteFeatureSeats ?? new Map() };
  const termMs = config.siteTerm;
  const keeper = new AllotmentKeeper({ store, vendor, siteNow, clock, random, wish, termMs });
  const publication = await publicationOf(config, siteNow, { stores, memory, clock });
  const { license, vendorContactTime: contactTime } = memory;
  const state: SiteState = { license, contactTime, failure: undefined };
  const certificates = certificatesOf(config, kit, { report, exchanges });
  const running = { store, vendor, seatBroker, keeper, publication, state, process, siteNow };
  const ports = { ...running, certificates, pause, random: Math.random, report: report.site };
  inBackground(stack, (signal) => followVendor(ports, signal));
  inBackground(stack, (signal) => runSite(ports, signal));
  const failed = (cause: unknown) => report.certificates({ kind: "certificates-failed", cause });
  inBackground(stack, (signal) => keepCertificates(certificates, { pause, failed }, signal));
  return { wish, state, publication, keeper, certificates, siteNow, exchanges };
}

/** Keeps the vendor's certificates of the site's own installation. */
function certificatesOf(
  { siteVendorActivation: address, siteVendorAuthorities, siteDirectory }: SiteConfig,
  { clock }: SiteKit,
  parts: { readonly report: SiteEvents; readonly exchanges: ExchangeLog | undefined },
): CertificateKeeper {
  const { report, exchanges } = parts;
  const installation = siteInstallation({
    activation: address,
    authorities: siteVendorAuthorities,
    directory: siteDirectory,
    clock,
    ...(exchanges && { onExchange: (exchange) => exchanges.write(exchange) }),
  });
  return new CertificateKeeper({ installation, clock, report: report.certificates });
}

function vendorOf(
  config: SiteConfig,
  { clock, random }: SiteKit,
  parts: { readonly exchanges: ExchangeLog | undefined; readonly stack: AsyncDisposableStack },
): Vendor {
  const { exchanges, stack } = parts;
  const { siteDirectory: directory, deployment, siteVendorSeatBrokers } = config;
  const onExchange = exchanges && ((exchange: Exchange) => exchanges.write(exchange));
  const authorities = config.siteVendorAuthorities;
  const channel = stack.use(
    connect(siteVendorSeatBrokers, { authorities, ...(onExchange && { onExchange }) }),
  );
  return grpcVendor({ channel, directory, deployment, clock, random });
}

/** What was handed out last, by an earlier process. */
async function publicationOf(
  { siteClockError: clockErrorMs }: SiteConfig,
  siteNow: () => number,
  parts: {
    readonly stores: Pick<SharedStores, "feed">;
    readonly memory: SiteMemory;
    readonly clock: Kit["clock"];
  },
): Promise<SitePublication> {
  const { feed } = parts.stores;
  const { entries } = await feed.read(0n, 1);
  const before = entries.find(
    ({ entitlement }) => entitlement.license === parts.memory.license?.license,
  )?.entitlement;
  const cursor = await feed.issuerCursor();
  const revision = before && before.revision > cursor ? before.revision : cursor;
  const wallNow = () => parts.clock.now();
  return new SitePublication({ siteNow, wallNow, clockErrorMs }, before, revision);
}

/**
 * The seats in the database are of one license.
 * @throws Error if the installation is of another one
 */
async function checkLicense({ siteDirectory }: SiteConfig, { license }: SiteMemory): Promise<void> {
  if (license === undefined) return;
  const opened = await openInstallation(siteDirectory);
  if (opened.kind !== "unlocked" || opened.installation.license.license === license.license) return;
  throw new Error("the site was unlocked with another license: it needs a database of its own");
}

function openExchangeLog(
  config: SiteConfig,
  onFailure: (error: Error) => void,
  stack: AsyncDisposableStack,
): ExchangeLog | undefined {
  const { siteExchangeLogFile: file, siteExchangeLogSize: mebibytes } = config;
  if (file === undefined) return undefined;
  const kept = config.siteExchangeLogKept;
  return stack.use(exchangeLog({ file, mebibytes, kept, onFailure }, config.siteExchangeLog));
}
