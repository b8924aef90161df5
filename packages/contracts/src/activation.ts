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
export { Site } from "./gen/leasehold/activation/v1/site.ts";
export {
  GetSiteRequest,
  GetSiteResponse,
  SetExchangeLogRequest,
  SetExchangeLogResponse,
  SiteServiceDefinition,
} from "./gen/leasehold/activation/v1/site_service.ts";
export { MachineEvidence } from "./gen/leasehold/activation/v1/machine_evidence.ts";
