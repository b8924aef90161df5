export { field, type Field, type FieldOptions, optional, type Read } from "./config/field.ts";
export {
  address,
  choice,
  duration,
  flag,
  fromFile,
  hexBytes,
  integer,
  parsedFile,
  ratio,
  secretFile,
  string,
  target,
  url,
} from "./config/fields.ts";
export { rate } from "./config/rate-field.ts";
export type { Rate } from "./grpc/gcra.ts";
export {
  type Config,
  type ConfigSchema,
  defineConfig,
  type Fields,
  variableName,
} from "./config/config.ts";
export { ConfigFault, loadConfig } from "./config/load-config.ts";
export { databaseFields, serviceFields, signInFields } from "./config/standard-fields.ts";
export { envExample } from "./config/env-example.ts";
export { serveSettings } from "./config/serve-settings.ts";
export type { Log, LogFacts } from "./log/log.ts";
export { type JsonLog, type LogLevel, type LogOptions } from "./log/create-log.ts";
export { startTelemetry, type TelemetryOptions } from "./telemetry/telemetry.ts";
export { Metrics } from "./metrics/metrics.ts";
export type { Counter } from "./metrics/counter.ts";
export type { Family } from "./metrics/family.ts";
export type { Gauge } from "./metrics/gauge.ts";
export { DURATIONS, type Histogram, SIZES } from "./metrics/histogram.ts";
export { certificateMetrics } from "./metrics/certificate-metrics.ts";
export { sessionMetrics, type SessionPool } from "./metrics/session-metrics.ts";
export { storeMetrics, type StoreMetrics, type WatchedStore } from "./metrics/store-metrics.ts";
export { inBackground, pause } from "./process/background.ts";
export { blaming } from "./process/blame.ts";
export {
  type Kit,
  runService,
  type ServiceDeclaration,
  type ServiceFields,
} from "./process/run-service.ts";
export type { Shutdown } from "./process/shutdown.ts";
export {
  ANYONE,
  type CustomerRole,
  holds,
  type Principal,
  principalId,
  type SignedIn,
} from "./auth/principal.ts";
export {
  type DeploymentRole,
  DEPLOYMENT_ROLES,
  mayDispose,
  rolePermissions,
} from "./auth/roles.ts";
export {
  accountAuthenticator,
  type FindAccount,
  type FoundAccount,
} from "./auth/account-authenticator.ts";
export { accessTokenVerifier, type VerifyAccessToken } from "./auth/access-token-verifier.ts";
export { type IdentityProvider, isProviderUrl } from "./auth/identity-providers.ts";
export { issuerAccounts } from "./auth/issuer-accounts.ts";
export { peopleAuthenticator } from "./auth/people-authenticator.ts";
export { withServiceToken } from "./auth/service-token.ts";
export { rememberedAccounts } from "./auth/remembered-accounts.ts";
export {
  type Arrival,
  type Authenticator,
  type Credentials,
  firstOf,
} from "./auth/authenticator.ts";
export { bearerAuthenticator } from "./auth/bearer-authenticator.ts";
export { type BearerToken } from "./auth/bearer-tokens.ts";
export {
  installationAuthenticator,
  type InstallationAuthenticatorOptions,
} from "./auth/installation-authenticator.ts";
export type { CallContext } from "./grpc/call-context.ts";
export type { AccessLog } from "./grpc/call-journal.ts";
export type { CallRates } from "./grpc/call-rates.ts";
export type { DrainOptions } from "./grpc/drain.ts";
export {
  type DuplexHandler,
  type Handlers,
  implement,
  type ServerDuplex,
  type ServerStreamHandler,
  type ServiceBinding,
  type UnaryHandler,
} from "./grpc/handlers.ts";
export type { HealthProbe } from "./grpc/health.ts";
export type { LoopDelay } from "./grpc/load-shedding.ts";
export type { Limits } from "./grpc/limits.ts";
export { clientNetwork } from "./grpc/client-network.ts";
export type { ConnectionLimits } from "./grpc/connection-guard.ts";
export { serve, type ServeOptions, type Server } from "./grpc/server.ts";
export { type ClusterService, openTransport, type Transport } from "./tls/transport.ts";
export { type TransportConfig, transportGaps } from "./tls/transport-fields.ts";
export type { SettingFault } from "./tls/transport-faults.ts";
export { type Bounds, Check, type ListBounds } from "./parse/check.ts";
export { parseRequest } from "./parse/parse-request.ts";
export { requestBytes } from "./parse/request-bytes.ts";
export { invalidRequest } from "./parse/request-problems.ts";
export { type TextBounds } from "./parse/text-fault.ts";
