/* What a cluster is put together from, for those who put together one of their own. */
export { accessTo, type ClusterAccess } from "./cluster-access.ts";
export { type ClusterCertificates, makeCertificates } from "./cluster-certificates.ts";
export { type ClusterStores, openStores, urlsOf } from "./cluster-stores.ts";
export { type ClusterParts, environmentOf } from "./environment.ts";
export { type Launch, type RunningService, startService } from "./running-service.ts";
export { makeSecrets, type Secrets } from "./secrets.ts";
export { type ServiceFacts, type ServiceKind, type ServiceName, SERVICES } from "./service-name.ts";
export { storeSettings } from "./store-settings.ts";
