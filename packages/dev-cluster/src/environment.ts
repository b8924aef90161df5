import type { ClusterOptions } from "./cluster-options.ts";
import type { Secrets } from "./secrets.ts";
import { type ServiceKind, SERVICES } from "./service-name.ts";

/** What the configuration of every service is made from. */
export interface ClusterParts {
  readonly deployment: string;
  readonly secrets: Secrets;
  /** What the service is told of its stores, without the prefix. */
  readonly stores: Settings;
  /** Of the services that are up already. */
  readonly addresses: { readonly issuer?: string; readonly activation?: string };
  /** The file that says with whom people may sign in; absent if nobody may. */
  readonly identityProvidersFile?: string | undefined;
  /** What is set about transport security; nothing in plaintext. */
  readonly transport?: Readonly<Record<string, string>> | undefined;
  /** The file with the token that makes the first owner; absent if nobody can sign in. */
  readonly bootstrapTokenFile?: string | undefined;
  readonly options: Pick<ClusterOptions, "environment" | "fence" | "otlpEndpoint">;
}

/** The whole environment of a service but the address it listens on. */
export function environmentOf(
  kind: ServiceKind,
  parts: ClusterParts,
): Readonly<Record<string, string>> {
  const { prefix } = SERVICES[kind];
  const settings = { ...sharedSettings(kind, parts), ...OWN_SETTINGS[kind](parts) };
  const environment: Record<string, string> = { PATH: process.env["PATH"] ?? "" };
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined) environment[`${prefix}_${name}`] = value;
  return { ...environment, ...parts.options.environment?.[kind] };
}

type Settings = Readonly<Record<string, string | undefined>>;

function sharedSettings(
  kind: ServiceKind,
  { deployment, secrets, stores, identityProvidersFile, transport, options }: ClusterParts,
): Settings {
  return {
    ...transport,
    DEPLOYMENT: deployment,
    BEARER_TOKENS_FILE: secrets.bearerTokensFiles[kind],
    ...stores,
    IDENTITY_PROVIDERS_FILE: identityProvidersFile,
    CONNECTIONS_PER_ADDRESS: "20000", // all the world is one address here
    REFLECTION: "on",
    DRAIN: "1s", // nobody has to find out first that a service leaves, so none waits long
    OTLP_ENDPOINT: options.otlpEndpoint,
    TRACE_SAMPLE: options.otlpEndpoint === undefined ? undefined : "1",
  };
}

const OWN_SETTINGS: Readonly<Record<ServiceKind, (parts: ClusterParts) => Settings>> = {
  issuer: ({ secrets, identityProvidersFile, bootstrapTokenFile }) => ({
    SELF_REGISTRATION: identityProvidersFile === undefined ? undefined : "on",
    BOOTSTRAP_TOKEN_FILE: bootstrapTokenFile,
    KEY_ENCRYPTION_KEY_FILE: secrets.keyEncryptionKeyFile,
    PEPPER_FILE: secrets.pepperFile,
    TRUST_ROOT_KEY_FILE: secrets.trustRootKeyFile,
    LEASE_PUBLIC_KEYS_FILE: secrets.leasePublicKeysFile,
  }),
  activation: ({ secrets, addresses, transport }) => ({
    ISSUER_ADDRESS: addresses.issuer,
    SERVICE_TOKEN_FILE: transport ? undefined : secrets.serviceTokenFiles.activation,
    SEAL_KEYS_FILE: secrets.sealKeysFile,
    TRUST_ROOT: secrets.trustRoot,
    CHALLENGE_KEYS_FILE: secrets.challengeKeysFile,
    UNLOCK_TRIES_PER_NETWORK: "100000/1m", // all the world is one address here
    UNLOCK_FAILURES_PER_NETWORK: "10000/1m",
  }),
  "seat-broker": ({ secrets, addresses, transport, identityProvidersFile, options }) => ({
    ISSUER_ADDRESS: identityProvidersFile === undefined ? undefined : addresses.issuer,
    ACTIVATION_ADDRESS: addresses.activation,
    SERVICE_TOKEN_FILE: transport ? undefined : secrets.serviceTokenFiles["seat-broker"],
    TRUST_ROOT: secrets.trustRoot,
    LEASE_TOKEN_KEYS_FILE: secrets.leaseTokenKeysFile,
    LEASE_KEY_FILE: secrets.leaseKeyFile,
    FENCE: options.fence,
  }),
};
