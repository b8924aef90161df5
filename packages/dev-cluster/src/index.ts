export { type Site, type SiteOptions, startSite } from "./site.ts";
export { type Cluster, type ClusterAddresses, startCluster } from "./cluster.ts";
export type { ClusterOptions, GivenStores } from "./cluster-options.ts";
export { type Health, healthOf } from "./health.ts";
export { NAMESPACE, TRUST_DOMAIN } from "./cluster-certificates.ts";
export type { ServiceKind, ServiceName } from "./service-name.ts";
