export { ErrorReason } from "./gen/leasehold/errors/v1/error_reason.ts";
export {
  DeadlineClass,
  type MethodRule,
  PrincipalKind,
  RateClass,
  RequestSize,
  RequiredRole,
} from "./gen/leasehold/type/v1/method_rule.ts";
export {
  ChangePolicy,
  type FeatureGrant,
  InstallationPolicy,
  LeaseTimes,
  LicenseModel,
  LicenseState,
  LicenseTerms,
  SeatGroup,
  SeatPolicy,
  SharingPolicy,
  VersionRange,
  VirtualMachinePolicy,
} from "./gen/leasehold/type/v1/license_terms.ts";
export * as issuer from "./issuer.ts";
export * as activation from "./activation.ts";
export * as seatBroker from "./seat-broker.ts";
export type {
  MessageCodec,
  MethodDefinition,
  PartialMessage,
  ServiceDefinition,
} from "./definitions.ts";
export { SERVICES } from "./services.ts";
export { descriptorFiles } from "./descriptor-files.ts";
export { methodRule } from "./method-rule.ts";
export { SENSITIVE_FIELDS } from "./sensitive-fields.gen.ts";
export { type Sensitivity, sensitivityOf } from "./sensitivity.ts";
export { DEADLINE_MS } from "./deadline-classes.ts";
export { decodeStrictly } from "./decode-strictly.ts";
export { encodeMessage } from "./encode-message.ts";
export { REQUEST_BYTES } from "./request-sizes.ts";
export { durationFromMs, msFromDuration } from "./durations.ts";
export { Status as RpcStatus } from "./gen/google/rpc/status.ts";
export { BadRequest, ErrorInfo, RetryInfo } from "./gen/google/rpc/error_details.ts";
export type { Any } from "./gen/google/protobuf/any.ts";
export { Duration } from "./gen/google/protobuf/duration.ts";
