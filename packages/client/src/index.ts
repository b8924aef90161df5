export { isProblem, Problem } from "@leasehold/kernel";
export type { ErrorReason } from "@leasehold/kernel";
export type { AcquireOptions } from "./acquire-options.ts";
export {
  describeMachine,
  type DescribedMachine,
  type MachineDescription,
} from "./describe-machine.ts";
export {
  discover,
  type DiscoveredServers,
  type DiscoverOptions,
  type ServerKind,
  type ServerSource,
} from "./discover.ts";
export type { LossCause, SeatClaim, SeatEnd, SeatEvents } from "./held-lease.ts";
export type { Installation, ProofRequest } from "./installation.ts";
export {
  type InstallationCredentials,
  installationCredentials,
} from "./installation-credentials.ts";
export { featureLimit, hasFeature, isUsable, type LicenseFacts } from "./license-facts.ts";
export {
  type OpenedInstallation,
  openInstallation,
  type OpenOptions,
} from "./open-installation.ts";
export { licenseState } from "./license-state.ts";
export type { LicenseStanding, StandingState, StandingCause } from "./license-standing.ts";
export type { PendingChange } from "./license-view.ts";
export {
  makeOfflineRequest,
  type OfflineDeactivateOptions,
  type OfflineRefreshOptions,
  type OfflineRequestOptions,
  type OfflineUnlockOptions,
} from "./make-offline-request.ts";
export type {
  MadeOfflineRequest,
  OfflineMachine,
  OfflineRequestFault,
} from "./sign-request-file.ts";
export type { QueuePosition } from "./queue-for-seat.ts";
export type { ResourceChange } from "./resource-change.ts";
export type { BorrowTerm, Seat } from "./seat.ts";
export { openSession, SeatSession } from "./seat-session.ts";
export type { SessionEvents, SessionOptions } from "./session-options.ts";
export type { SeatWarning } from "./seat-warning.ts";
export type { ServerSecurity } from "./server-security.ts";
export {
  type CollectedComponents,
  type Fingerprint,
  type MachineEvidence,
  type MachineOptions,
  type MachineSource,
  thisMachine,
} from "@leasehold/machine";
export {
  type FreshEvents,
  type FreshInstallation,
  keepFresh,
  type KeepFreshOptions,
} from "./keep-fresh.ts";
export { deactivateInstallation, type DeactivateOptions } from "./deactivate-installation.ts";
export { refreshInstallation, type RefreshOptions } from "./refresh-installation.ts";
export {
  type OfflineResponseFault,
  type TakenOfflineResponse,
  takeOfflineResponse,
} from "./take-offline-response.ts";
export {
  type RevocationFileFault,
  type TakenRevocations,
  takeRevocations,
} from "./take-revocations.ts";
export { isSiteKey, keepSiteKey } from "./site-key.ts";
export { transferInstallation, type TransferOptions } from "./transfer-installation.ts";
export { unlock, type UnlockedInstallation, type UnlockOptions } from "./unlock.ts";
export type { UnlockedFeature, UnlockSummary, UnlockWarning } from "./unlock-summary.ts";
export type { InstallationFault } from "./verify-installation.ts";
