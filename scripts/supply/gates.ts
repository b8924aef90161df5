import { dependencyLicenses } from "./dependency-licenses.ts";
import { engines } from "./engines.ts";
import { exactPins } from "./exact-pins.ts";
import { fewDependencies } from "./few-dependencies.ts";
import { installScripts } from "./install-scripts.ts";
import { lockfileSources } from "./lockfile-sources.ts";
import type { SupplyGate } from "./project.ts";

/** What has to hold of everything that is installed. */
export const SUPPLY_GATES: readonly SupplyGate[] = [
  exactPins,
  installScripts,
  dependencyLicenses,
  fewDependencies,
  lockfileSources,
  engines,
];
