import { isInPod } from "./kubernetes-cluster.ts";
import { type MachineSource, textOf } from "./machine-source.ts";

/** What a path of /proc/1/cgroup, or of the root mount, tells of who runs the container. */
const TRACES: readonly (readonly [trace: RegExp, container: string])[] = [
  [/\/kubepods|\/kubelet\//, "container-other"],
  [/\/docker[/-]|\/docker\//, "docker"],
  [/\/libpod-|\/containers\/storage\//, "podman"],
  [/\/lxc[/.]|\/lxc\.payload/, "lxc"],
  [/\/machine\.slice\/systemd-nspawn|\/systemd-nspawn/, "systemd-nspawn"],
  [/\/containerd\/|\/crio-/, "container-other"],
];

const DETECT = "/usr/bin/systemd-detect-virt";

/** The container that this runs in, as systemd names it; empty if it is none. */
export async function containerOf(source: MachineSource): Promise<string> {
  if (source.platform !== "linux") return "";
  const detected = await source.run(DETECT, ["--container"]);
  // It looks at what is there for it to see: in many a container it finds nothing.
  if (detected !== undefined && isWord(detected)) return detected;
  return (await byMarks(source)) || (isInPod(source) ? "container-other" : "");
}

/** The virtual machine monitor by systemd's own judgement; `undefined` where it is not there to judge. */
export async function detectedHypervisor(source: MachineSource): Promise<string | undefined> {
  const detected = await source.run(DETECT, ["--vm"]);
  if (detected === "none") return "";
  return detected !== undefined && isWord(detected) ? detected : undefined;
}

function isWord(detected: string): boolean {
  return detected !== "none" && /^[a-z0-9-]{2,40}$/.test(detected);
}

async function byMarks(source: MachineSource): Promise<string> {
  const said = await textOf(source, "/run/systemd/container");
  if (said !== undefined && isWord(said)) return said;
  if ((await source.read("/run/.containerenv")).kind !== "absent") return "podman";
  const groups = (await textOf(source, "/proc/1/cgroup")) ?? "";
  const mounts = (await textOf(source, "/proc/self/mountinfo")) ?? "";
  const root = mounts.split("\n").filter((line) => line.split(" ")[4] === "/");
  const trace = TRACES.find(
    ([trace]) => trace.test(groups) || root.some((line) => trace.test(line)),
  );
  if (trace) return trace[1];
  if ((await source.read("/.dockerenv")).kind !== "absent") return "docker";
  const kernel = (await textOf(source, "/proc/version")) ?? "";
  return /microsoft/i.test(kernel) ? "wsl" : "";
}
