import { SECRET_FILES } from "../../../secret-files.ts";
import type { Manifest } from "../render/manifest.ts";
import { oddEdges, openByDefault } from "./edge-rules.ts";
import { hurriedPods, strayMounts, unprobedContainers, unrestrictedPods } from "./pod-rules.ts";
import {
  danglingNames,
  deadPorts,
  emptySelectors,
  idleAutoscalers,
  incompleteSecrets,
} from "./reference-rules.ts";
import {
  incompleteServices,
  strayMigrations,
  unbalancedAddresses,
  unboundedHeaps,
} from "./service-rules.ts";
import { unusableSettings } from "./setting-rules.ts";

/** Tells what breaks it, a line each. */
export type Rule = (manifests: readonly Manifest[]) => readonly string[];

/** What every combination is held to, besides the API of Kubernetes. */
export const RULES: Readonly<Record<string, Rule>> = {
  "pods have no right that they do not need": unrestrictedPods,
  "what goes on running is probed": unprobedContainers,
  "volumes are mounted, and mounts have volumes": strayMounts,
  "pods are given the time that they take to leave": hurriedPods,
  "selectors select something": emptySelectors,
  "services lead to ports that there are": deadPorts,
  "autoscalers have a workload whose number nobody else sets": idleAutoscalers,
  "whatever is named is there": (manifests) => danglingNames(manifests, SECRET_FILES),
  "fetched secrets have every key": (manifests) => incompleteSecrets(manifests, SECRET_FILES),
  "ways are allowed from both ends, and taken": oddEdges,
  "what no policy allows is refused": openByDefault,
  "services start with the settings that they are given": unusableSettings,
  "services have everything that makes them ones to rely on": incompleteServices,
  "services call each other by the address of every replica": unbalancedAddresses,
  "heaps are bounded, and leave room": unboundedHeaps,
  "migrations go to the databases of their services": strayMigrations,
};
