export { collectComponents } from "./collect-components.ts";
export type { CollectedComponents, Component, MissingComponent } from "./component.ts";
export { fingerprintOf, newFingerprintSalt } from "./fingerprint-of.ts";
export { machineEvidence } from "./machine-evidence.ts";
export type { FileReading, MachineSource } from "./machine-source.ts";
export type { Fingerprint } from "./rules/fingerprint.ts";
export type { MachineEvidence } from "./rules/machine-evidence.ts";
export { type MachineOptions, thisMachine } from "./this-machine.ts";
