import type { Manifest } from "../render/manifest.ts";
import { type Container, containersOf, type Pods, podsOf } from "./pods.ts";

/** Pods have no right that they do not need. */
export function unrestrictedPods(manifests: readonly Manifest[]): readonly string[] {
  return podsOf(manifests).flatMap((pods) => [
    ...podFaults(pods),
    ...containersOf(pods).flatMap((container) =>
      containerFaults(container).map((fault) => `${pods.of}, ${container.name}: ${fault}`),
    ),
  ]);
}

function podFaults({ of, spec }: Pods): readonly string[] {
  const { securityContext = {}, volumes = [] } = spec;
  const profile = securityContext["seccompProfile"] as { readonly type?: string } | undefined;
  const wants: readonly (readonly [boolean, string])[] = [
    [securityContext["runAsNonRoot"] === true, "may run as root"],
    [Number(securityContext["runAsUser"]) > 0, "names no user"],
    [profile?.type === "RuntimeDefault", "is not held to the calls of the runtime's profile"],
    [spec.automountServiceAccountToken === false, "is given a token of the cluster"],
    [spec["enableServiceLinks"] === false, "gets variables that look like settings"],
    [!["hostNetwork", "hostPID", "hostIPC"].some((own) => own in spec), "shares with its host"],
    [volumes.every(({ hostPath }) => hostPath === undefined), "sees files of its host"],
  ];
  return wants.filter(([isKept]) => !isKept).map(([, fault]) => `${of} ${fault}`);
}

function containerFaults({ securityContext = {}, resources = {}, image = "" }: Container) {
  const capabilities = securityContext["capabilities"] as { readonly drop?: unknown } | undefined;
  const tag = /^[^@:]+(?::\d+\/[^@:]+)?:([^@:/]+)$/.exec(image)?.[1];
  const wants: readonly (readonly [boolean, string])[] = [
    [securityContext["allowPrivilegeEscalation"] === false, "may get more rights"],
    [securityContext["readOnlyRootFilesystem"] === true, "may write into its image"],
    [JSON.stringify(capabilities?.drop) === '["ALL"]', "keeps capabilities"],
    [resources.requests?.["cpu"] !== undefined, "asks for no CPU"],
    [resources.requests?.["memory"] !== undefined, "asks for no memory"],
    [resources.limits?.["memory"] !== undefined, "has no limit of memory"],
    [image.includes("@sha256:") || (tag !== undefined && tag !== "latest"), `runs ${image}`],
  ];
  return wants.filter(([isKept]) => !isKept).map(([, fault]) => fault);
}

/** Whatever goes on running is probed, at ports that it has. */
export function unprobedContainers(manifests: readonly Manifest[]): readonly string[] {
  const running = podsOf(manifests).filter(({ kind }) => kind !== "Job");
  return running.flatMap(({ of, spec }) =>
    spec.containers.flatMap((container) => {
      const { readinessProbe, livenessProbe, startupProbe, ports = [] } = container;
      const faults: string[] = [];
      if (!readinessProbe || !livenessProbe) faults.push("is not probed");
      for (const probe of [readinessProbe, livenessProbe, startupProbe]) {
        const port = (probe?.grpc ?? probe?.tcpSocket ?? probe?.httpGet)?.port;
        const isThere = ports.some(
          ({ name, containerPort }) => port === name || port === containerPort,
        );
        if (port !== undefined && !isThere) faults.push(`is probed at ${port}, which it has not`);
      }
      return faults.map((fault) => `${of}, ${container.name} ${fault}`);
    }),
  );
}

/** Volumes and mounts fit each other. */
export function strayMounts(manifests: readonly Manifest[]): readonly string[] {
  return podsOf(manifests).flatMap((pods) => {
    const volumes = [...(pods.spec.volumes ?? []).map(({ name }) => name), ...pods.claims];
    const mounts = containersOf(pods).flatMap(({ volumeMounts = [] }) => volumeMounts);
    const mounted = new Set(mounts.map(({ name }) => name));
    return [
      ...volumes.filter((name) => !mounted.has(name)).map((name) => `${name} is mounted nowhere`),
      ...[...mounted]
        .filter((name) => !volumes.includes(name))
        .map((name) => `there is no ${name}`),
    ].map((fault) => `${pods.of}: ${fault}`);
  });
}

/** The time that pods are given to leave is longer than what they take: the pause, then the drain. */
export function hurriedPods(manifests: readonly Manifest[]): readonly string[] {
  return podsOf(manifests).flatMap(({ of, spec }) =>
    spec.containers.flatMap(({ env = [], lifecycle }) => {
      const drain = env.find(({ name }) => name.endsWith("_DRAIN"))?.value;
      if (drain === undefined) return [];
      const seconds = Number(drain.replace(/s$/, ""));
      const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
      const takes = pause + Math.min(2, seconds / 5) + seconds / 2 + seconds;
      const given = spec.terminationGracePeriodSeconds ?? 30;
      return given > takes ? [] : [`${of} takes ${takes} s to leave, and is given ${given} s`];
    }),
  );
}
