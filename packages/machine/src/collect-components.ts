import type { CollectedComponents, Component, MissingComponent } from "./component.ts";
import { containerOf } from "./container.ts";
import type { Finding, Look } from "./finding.ts";
import { isInPod, kubernetesCluster } from "./kubernetes-cluster.ts";
import { LINUX_COMPONENTS } from "./linux/linux-components.ts";
import type { MachineSource } from "./machine-source.ts";
import { MACOS_COMPONENTS } from "./macos.ts";
import { COMPONENTS, type ComponentName } from "./rules/component-weights.ts";
import { thisMachine } from "./this-machine.ts";
import { WINDOWS_COMPONENTS } from "./windows.ts";

/** Of components that a machine has several of, so many are taken. */
const MOST_ALIKE = 8;

const OF_PLATFORM: Partial<Record<NodeJS.Platform, Partial<Record<ComponentName, Look>>>> = {
  linux: LINUX_COMPONENTS,
  darwin: MACOS_COMPONENTS,
  win32: WINDOWS_COMPONENTS,
};

/**
 * Finds what the machine can be told by. In a container that is the cluster alone: all else belongs
 * to the pod and ends with it, or to whichever host it is on today.
 */
export async function collectComponents(
  source: MachineSource = thisMachine(),
): Promise<CollectedComponents> {
  const isContained = isInPod(source) || (await containerOf(source)) !== "";
  const found: Component[] = [];
  const missing: MissingComponent[] = [];
  for (const name of COMPONENTS) {
    const finding = await findComponent(source, name, isContained);
    if (typeof finding === "string") missing.push({ name, why: finding });
    else found.push(...named(name, finding));
  }
  return { found, missing };
}

async function findComponent(
  source: MachineSource,
  name: ComponentName,
  isContained: boolean,
): Promise<Finding | "volatile"> {
  if (name === "kubernetes-cluster") {
    const cluster = await kubernetesCluster(source);
    return cluster === undefined ? "absent" : [cluster];
  }
  if (isContained) return "volatile";
  return (await OF_PLATFORM[source.platform]?.[name]?.(source)) ?? "absent";
}

function named(name: ComponentName, values: readonly string[]): readonly Component[] {
  const [value = "", ...more] = values;
  if (more.length === 0) return [{ name, value }];
  return values
    .slice(0, MOST_ALIKE)
    .map((one, index) => ({ name: `${name}.${index}`, value: one }));
}
