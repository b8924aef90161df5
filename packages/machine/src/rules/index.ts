// What is decided about machines from what they told, without looking at any: for servers too.
export { COMPONENTS, type ComponentName } from "./component-weights.ts";
export type { Fingerprint } from "./fingerprint.ts";
export { type MachineEvidence, NO_EVIDENCE } from "./machine-evidence.ts";
export { type MachineKind, machineKind } from "./machine-kind.ts";
export { type FingerprintMatch, matchFingerprint } from "./match-fingerprint.ts";
