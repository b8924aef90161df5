import { createHash } from "node:crypto";
import { issuer, LicenseModel, LicenseTerms, SharingPolicy } from "@leasehold/contracts";
import type { SeatGroup, SeatPolicy, ServiceDefinition } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import type { Clock, Uuid } from "@leasehold/kernel";
import { publicKeyOf } from "@leasehold/license-format";
import type { KeyGeneration } from "@leasehold/license-format";
import { client, connect } from "@leasehold/rpc-client";
import type { Client } from "@leasehold/rpc-client";
import type { Principal } from "@leasehold/service-kit";
import { testPostgres } from "@leasehold/testkit";
import { compose } from "../src/compose.ts";
import type { IssuerConfig } from "../src/config.ts";

export const DEPLOYMENT = "test.leasehold.local";
export const ROOT_KEY = new Uint8Array(32).fill(3);
/** What a verifier has pinned. */
export const ROOT_PUBLIC_KEY = publicKeyOf(ROOT_KEY);

export type IssuerClient = Client<typeof issuer.IssuerServiceDefinition>;

/** Who calls, by the secret that stands for them. */
export const CALLERS = {
  admin: { kind: "administrator", permissions: ["*"] },
  reader: { kind: "administrator", permissions: ["licenses.read"] },
  hirer: {
    kind: "administrator",
    permissions: [
      "administrators.write",
      "signing_keys.read",
      "signing_keys.write",
      "revocations.write",
    ],
  },
  activation: { kind: "service", permissions: ["unlock", "licenses.watch", "accounts.read"] },
  "seat-broker": { kind: "service", permissions: ["entitlements.watch"] },
  account: { kind: "account", permissions: ["*"] },
  person: { kind: "person", permissions: ["*"] },
} as const;
export type Caller = keyof typeof CALLERS;

/** A running issuer with a client for each caller. */
export interface IssuerUnderTest extends AsyncDisposable {
  readonly address: string;
  readonly logged: readonly Logged[];
  /** A client that presents this secret, or none. */
  as(caller: Caller | undefined): IssuerClient;
  /** Likewise of any other service. */
  of<Service extends ServiceDefinition>(service: Service, caller?: Caller): Client<Service>;
  readonly admin: IssuerClient;
  readonly activation: IssuerClient;
}

export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface IssuerOptions {
  readonly clock?: Clock;
  readonly config?: Partial<IssuerConfig>;
  readonly keyGenerations?: readonly KeyGeneration[];
}

const PERSON = {
  issuer: "https://id.example.com",
  subject: "person",
  email: "person@acme.example",
  emailVerified: true,
  displayName: undefined,
};

function principalOf(
  name: string,
  kind: (typeof CALLERS)[Caller]["kind"],
  permissions: ReadonlySet<string>,
): Principal {
  if (kind === "service") return { kind, service: name, permissions };
  if (kind === "administrator") return { kind, subject: name, permissions };
  if (kind === "person") return { kind, signedIn: PERSON };
  const account = "accounts/0190b5a0-0000-7000-8000-00000000000d";
  return { kind, account, memberships: new Map([["customers/elsewhere", "ADMINISTRATOR"]]) };
}

function testConfig(databaseUrl: string, config: Partial<IssuerConfig> = {}): IssuerConfig {
  return {
    listen: "127.0.0.1:0",
    healthListen: undefined,
    metricsListen: undefined,
    plaintext: false,
    internalListen: undefined,
    tlsCertificateFile: undefined,
    tlsKeyFile: undefined,
    serviceCertificateFile: undefined,
    serviceKeyFile: undefined,
    serviceAuthoritiesFile: undefined,
    trustDomain: undefined,
    trustNamespace: undefined,
    connections: 1_000,
    connectionsPerAddress: 1_000,
    logLevel: "info",
    otlpEndpoint: undefined,
    traceSample: 0,
    reflection: false,
    ratePortal: undefined,
    rateUnlock: undefined,
    rateLease: undefined,
    rateRenewal: undefined,
    rateInternal: undefined,
    deployment: DEPLOYMENT,
    bearerTokens: Object.entries(CALLERS).map(([name, { kind, permissions }]) => ({
      sha256: createHash("sha256").update(name).digest(),
      principal: principalOf(name, kind, new Set<string>(permissions)),
    })),
    drain: 1_000,
    databaseUrl,
    databasePassword: undefined,
    databasePool: 8,
    keyEncryptionKey: [new Uint8Array(32).fill(1)],
    pepper: [new Uint8Array(32).fill(2)],
    keepProductKeys: false,
    identityProviders: undefined,
    selfRegistration: false,
    bootstrapToken: undefined,
    trustRootKey: ROOT_KEY,
    rootSuccessions: undefined,
    leasePublicKeys: undefined,
    ...config,
  };
}

/** Starts an issuer on a database that outlives it. */
export async function startIssuer(
  databaseUrl: string,
  { clock = systemClock, config, keyGenerations }: IssuerOptions = {},
): Promise<IssuerUnderTest> {
  await using opening = new AsyncDisposableStack();
  const logged: Logged[] = [];
  const write = (level: string) => (facts: Logged["facts"], message: string) => {
    logged.push({ level, message, facts });
  };
  const log = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const kit = { log, clock, random: systemRandom };
  const { address } = opening.use(
    await compose(testConfig(databaseUrl, config), kit, keyGenerations),
  );
  const channel = opening.use(connect(address));
  const of = <Service extends ServiceDefinition>(service: Service, caller?: Caller) =>
    client(service, channel, {
      metadata: (): Record<string, string> =>
        caller === undefined ? {} : { authorization: `Bearer ${caller}` },
    });
  const as = (caller: Caller | undefined) => of(issuer.IssuerServiceDefinition, caller);
  const running = opening.move();
  return {
    address,
    logged,
    as,
    of,
    admin: as("admin"),
    activation: as("activation"),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** An issuer on a database of its own. */
export async function issuerUnderTest(options?: IssuerOptions): Promise<IssuerUnderTest> {
  await using opening = new AsyncDisposableStack();
  const { url } = opening.use(await testPostgres());
  const running = opening.use(await startIssuer(url, options));
  const open = opening.move();
  return { ...running, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

export function requestId(): Uuid {
  return newUuid(systemClock, systemRandom);
}

export const START = new Date("2026-01-01T00:00:00Z");
export const END = new Date("2036-01-01T00:00:00Z");
export const LICENSEE: issuer.Licensee = { name: "Ada Lovelace", organization: "Acme GmbH" };

export function wireTerms(change: Partial<LicenseTerms> = {}): LicenseTerms {
  return LicenseTerms.fromPartial({
    model: LicenseModel.FLOATING,
    seats: 3,
    features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 12n }],
    startTime: START,
    endTime: END,
    ...change,
  });
}

/** A policy of one group, `designers`, with whatever the test cares about. */
export function wirePolicy(change: Partial<SeatPolicy> = {}): SeatPolicy {
  return {
    sharing: SharingPolicy.PER_PROCESS,
    overdraft: 0,
    offlineDays: 0,
    groups: [wireGroup()],
    includeGroups: [],
    excludeGroups: [],
    ...change,
  };
}

export function wireGroup(change: Partial<SeatGroup> = {}): SeatGroup {
  return {
    group: "designers",
    users: [],
    hosts: [],
    installations: [],
    reservedSeats: 0,
    priority: 0,
    ...change,
  };
}

export function wireLicense(change: Partial<issuer.License> = {}): issuer.License {
  return issuer.License.fromPartial({
    product: "products/studio",
    licensee: LICENSEE,
    terms: wireTerms(),
    ...change,
  });
}

export async function createCustomer(admin: IssuerClient, referenceId = `c-${requestId()}`) {
  const customer = { displayName: "Acme GmbH", referenceId };
  const created = await admin.createCustomer({ requestId: requestId(), customer });
  return created.customer!;
}

/** The product `studio` with the features `dataflow`, `workflow`, `diagrams`. */
export async function createStudio(admin: IssuerClient) {
  const features = ["dataflow", "workflow", "diagrams"].map((code) => ({
    code,
    displayName: code,
  }));
  const created = await admin.createProduct({
    requestId: requestId(),
    productId: "studio",
    product: { displayName: "Studio", features, salesContact: "sales@example.com" },
  });
  return created.product!;
}

export async function issueLicense(
  admin: IssuerClient,
  parent: string,
  license: issuer.License = wireLicense(),
): Promise<issuer.License> {
  const issued = await admin.issueLicense({ requestId: requestId(), parent, license });
  return issued.license!;
}
