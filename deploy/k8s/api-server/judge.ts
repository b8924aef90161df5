import { spawnSync } from "node:child_process";
import { podsOf } from "../tests/rules/pods.ts";
import { combination, folderOf } from "../tests/combinations.ts";

/** Runs kubectl; standard input is what is given. */
export type Kubectl = (
  args: readonly string[],
  input?: string,
) => { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** @param program its path @param kubeconfig as kubectl finds it by itself if absent */
export function kubectl(program: string, kubeconfig?: string): Kubectl {
  const config = kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`];
  return (args, input = "") => {
    const run = spawnSync(program, [...config, ...args], { encoding: "utf8", input });
    if (run.error) throw new Error(`${program}: ${run.error.message}`);
    return run;
  };
}

/** What an API server said of one combination. */
export interface Judgement {
  /** Objects that it would take. */
  readonly accepted: number;
  /** Whatever else it said: errors and warnings, a line each. */
  readonly objections: readonly string[];
}

const DRY = ["apply", "--dry-run=server", "--server-side", "--field-manager=leasehold-check"];

/** Has an API server look at a combination as it would be applied, and at each of its pods by itself; nothing is changed. */
export function judge(run: Kubectl, name: string): Judgement {
  const whole = run([...DRY, "--validate=strict", "--kustomize", folderOf(name)]);
  const pods = run(
    [...DRY, "--validate=strict", "--filename", "-"],
    JSON.stringify(podsAlone(name)),
  );
  const lines = [whole, pods].map(({ stdout, stderr }) => ({
    accepted: stdout.split("\n").filter((line) => line.endsWith("(server dry run)")),
    objections: stderr.split("\n").filter((line) => line !== ""),
  }));
  const silent = [whole, pods].filter(({ status, stderr }) => status !== 0 && stderr === "");
  return {
    accepted: lines.reduce((sum, { accepted }) => sum + accepted.length, 0),
    objections: [
      ...lines.flatMap(({ objections }) => objections),
      ...silent.map(({ status }) => `kubectl ended with ${status}`),
    ],
  };
}

/** Objects that a server has to object to, and does not: then it would not have noticed mistakes in others either. */
export function overlooked(run: Kubectl): readonly string[] {
  const metadata = { name: "mistake", namespace: "leasehold" };
  const containers = [{ name: "mistake", image: "mistake:1" }];
  const mistakes = {
    "a field that there is not": {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      dada: { a: "b" },
    },
    "a pod with rights that it does not need": {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { containers, hostNetwork: true },
    },
  };
  return Object.entries(mistakes)
    .filter(([, manifest]) => {
      const args = [...DRY, "--validate=strict", "--filename", "-"];
      return run(args, JSON.stringify(manifest)).stderr === "";
    })
    .map(([mistake]) => `the server overlooks ${mistake}`);
}

/**
 * Each workload's pod as an object of its own: of a workload the API server only warns where its pods break the rules of the
 * namespace; a pod it refuses. The account is left out, as it would have to be there.
 */
function podsAlone(name: string) {
  const items = podsOf(combination(name)).map(({ name: workload, labels, spec, claims }) => {
    const { serviceAccountName: _, ...others } = spec;
    const volumes = [
      ...(spec.volumes ?? []),
      ...claims.map((claim) => ({
        name: claim,
        persistentVolumeClaim: { claimName: `${claim}-${workload}-0` },
      })),
    ];
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${workload}-alone`, namespace: "leasehold", labels },
      spec: { ...others, volumes },
    };
  });
  return { apiVersion: "v1", kind: "List", items };
}
