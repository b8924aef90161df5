/** What a machine is told by. */
export const COMPONENTS = [
  "machine-id",
  "product-uuid",
  "board-serial",
  "root-disk",
  "mac",
  "cloud-instance",
  "kubernetes-cluster",
  "cpu",
  "hostname",
] as const;

export type ComponentName = (typeof COMPONENTS)[number];

/** Those that many machines have in common. */
const COMMON: readonly string[] = ["cpu", "hostname"] satisfies readonly ComponentName[];

/** How much it says that a component is the same, or is not. */
export interface ComponentWeight {
  readonly same: number;
  readonly changed: number;
  /** Less than a change: what a program may read depends on who runs it. */
  readonly vanished: number;
}

const TELLING: ComponentWeight = { same: 6, changed: 6, vanished: 3 };
const HINTING: ComponentWeight = { same: 2, changed: 2, vanished: 1 };

/** One telling component and one hint may change at once; two telling ones may not. */
export const TOLERATED_WEIGHT = 8;

/** A component that this release does not know is taken for one that tells machines apart. */
export function weightOf(component: string): ComponentWeight {
  return COMMON.includes(component) ? HINTING : TELLING;
}
