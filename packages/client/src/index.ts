export { isProblem, Problem } from "@leasehold/kernel";
export type { ErrorReason } from "@leasehold/kernel";
export type { AcquireOptions } from "./acquire-options.ts";
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
export type { QueuePosition } from "./queue-for-seat.ts";
export type { BorrowTerm, Seat } from "./seat.ts";
export {
  openSession,
  SeatSession,
  type SessionEvents,
  type SessionOptions,
} from "./seat-session.ts";
export { isSiteKey, keepSiteKey } from "./site-key.ts";
export { unlock, type UnlockOptions } from "./unlock.ts";
export type { InstallationFault } from "./verify-installation.ts";
