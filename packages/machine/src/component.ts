import type { ComponentName } from "./rules/component-weights.ts";

/** A component that was found: what it is called in a fingerprint, and what it is. */
export interface Component {
  /** Of several alike, `mac.0`, `mac.1`, … */
  readonly name: string;
  /** As the machine has it. Leaves the machine as a salted digest only. */
  readonly value: string;
}

/** A component that is not taken, and why. */
export interface MissingComponent {
  readonly name: ComponentName;
  /**
   * `absent`: there is none, or one that many machines have. `denied`: not for whoever runs this.
   * `volatile`: it is a pod's, or a container's, and gone with it.
   */
  readonly why: "absent" | "denied" | "volatile";
}

/** What a machine is told by, as it was found. */
export interface CollectedComponents {
  readonly found: readonly Component[];
  readonly missing: readonly MissingComponent[];
}
