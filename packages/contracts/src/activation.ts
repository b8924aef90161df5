export {
  ActivationServiceDefinition,
  GetInstallationRequest,
  GetInstallationResponse,
  UnlockRequest,
  UnlockResponse,
  WatchEntitlementsRequest,
  WatchEntitlementsResponse,
} from "./gen/leasehold/activation/v1/activation_service.ts";
export { Entitlement } from "./gen/leasehold/activation/v1/entitlement.ts";
export { Fingerprint, Installation } from "./gen/leasehold/activation/v1/installation.ts";
export { MachineEvidence } from "./gen/leasehold/activation/v1/machine_evidence.ts";
export {
  ClaimCountRequest,
  ClaimCountResponse,
  CountServiceDefinition,
  ListCountsRequest,
  ListCountsResponse,
  ReportCountRequest,
  ReportCountResponse,
} from "./gen/leasehold/activation/v1/count_service.ts";
export { FeatureCount } from "./gen/leasehold/activation/v1/feature_count.ts";
export { Resource } from "./gen/leasehold/activation/v1/resource.ts";
export {
  BindResourceRequest,
  BindResourceResponse,
  GetResourceRequest,
  GetResourceResponse,
  ImportedResource,
  ImportResourcesRequest,
  ImportResourcesResponse,
  ListResourcesRequest,
  ListResourcesResponse,
  MoveResourceRequest,
  MoveResourceResponse,
  RegisterResourceRequest,
  RegisterResourceResponse,
  RemoveResourceRequest,
  RemoveResourceResponse,
  RenameResourceRequest,
  RenameResourceResponse,
  ResourceServiceDefinition,
  UnbindResourceRequest,
  UnbindResourceResponse,
} from "./gen/leasehold/activation/v1/resource_service.ts";
