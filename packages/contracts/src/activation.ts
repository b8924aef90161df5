export {
  ActivationServiceDefinition,
  CreateChallengeRequest,
  CreateChallengeResponse,
  GetInstallationRequest,
  GetInstallationResponse,
  UnlockRequest,
  UnlockResponse,
  WatchEntitlementsRequest,
  WatchEntitlementsResponse,
} from "./gen/leasehold/activation/v1/activation_service.ts";
export { Entitlement } from "./gen/leasehold/activation/v1/entitlement.ts";
export {
  Fingerprint,
  Installation,
  InstallationConflictKind,
  InstallationParty,
  InstallationState,
} from "./gen/leasehold/activation/v1/installation.ts";
export {
  DeactivateInstallationRequest,
  DeactivateInstallationResponse,
  DisableInstallationRequest,
  DisableInstallationResponse,
  EnableInstallationRequest,
  EnableInstallationResponse,
  InstallationServiceDefinition,
  ListInstallationsRequest,
  ListInstallationsResponse,
  RefreshInstallationRequest,
  RefreshInstallationResponse,
  RenameInstallationRequest,
  RenameInstallationResponse,
  TransferInstallationRequest,
  TransferInstallationResponse,
} from "./gen/leasehold/activation/v1/installation_service.ts";
export { Site, SiteCertificateState } from "./gen/leasehold/activation/v1/site.ts";
export {
  GetSiteRequest,
  GetSiteResponse,
  SetExchangeLogRequest,
  SetExchangeLogResponse,
  SiteServiceDefinition,
} from "./gen/leasehold/activation/v1/site_service.ts";
export { MachineEvidence } from "./gen/leasehold/activation/v1/machine_evidence.ts";
export { NamedUser } from "./gen/leasehold/activation/v1/named_user.ts";
export {
  AssignUserRequest,
  AssignUserResponse,
  ListNamedUsersRequest,
  ListNamedUsersResponse,
  NamedUserServiceDefinition,
  UnassignUserRequest,
  UnassignUserResponse,
} from "./gen/leasehold/activation/v1/named_user_service.ts";
export {
  UnlockedFeature,
  UnlockSummary,
  UnlockWarning,
  UnlockWarningReason,
} from "./gen/leasehold/activation/v1/unlock_summary.ts";
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
export {
  AnswerOfflineRequestRequest,
  AnswerOfflineRequestResponse,
  GetVendorFileRequest,
  GetVendorFileResponse,
  OfflineServiceDefinition,
} from "./gen/leasehold/activation/v1/offline_service.ts";
