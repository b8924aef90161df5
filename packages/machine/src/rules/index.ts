// What is decided about machines from what they told, without looking at any: for servers too.
export { COMPONENTS, type ComponentName } from "./component-weights.ts";
export type { Fingerprint } from "./fingerprint.ts";
export { isVirtual } from "./is-virtual.ts";
export type { MachineEvidence } from "./machine-evidence.ts";
export { type FingerprintMatch, matchFingerprint } from "./match-fingerprint.ts";
