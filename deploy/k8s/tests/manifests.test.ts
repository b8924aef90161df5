import { expect, test } from "vitest";
import { SECRET_FILES } from "../../secret-files.ts";
import { combination, COMBINATIONS, unusedComponents } from "./combinations.ts";
import { jsonPatch, type Operation } from "./render/json-patch.ts";
import { identity, type Json, type Manifest } from "./render/manifest.ts";
import { incompleteSecrets } from "./rules/reference-rules.ts";
import { RULES } from "./rules/rules.ts";
import { fieldFaults, valueFaults } from "./schema.ts";

const cases = COMBINATIONS.flatMap((name) => Object.keys(RULES).map((rule) => ({ name, rule })));

test.each(cases)("$name: $rule", ({ name, rule }) => {
  expect(RULES[rule]!(combination(name))).toEqual([]);
});

test("every component is in some combination", () => {
  expect(unusedComponents()).toEqual([]);
});

test.each(COMBINATIONS)("%s has no field that Kubernetes does not know, and lacks none", (name) => {
  expect(fieldFaults(combination(name))).toEqual([]);
});

test.each(COMBINATIONS)("%s has no value that Kubernetes would refuse", async (name) => {
  expect(await valueFaults(combination(name))).toEqual([]);
});

/** The staging overlay, which has most components, with a mistake in one manifest. */
function staging(of: string, ...operations: readonly Operation[]): readonly Manifest[] {
  const manifests = combination("staging");
  expect(manifests.map(identity)).toContain(of);
  return manifests.map((one) =>
    identity(one) === of ? (jsonPatch(one, operations) as Manifest) : one,
  );
}
const put = (path: string, value: Json): Operation => ({ op: "add", path, value });
const POD = "/spec/template/spec";
const CONTAINER = `${POD}/containers/0`;

test("a misspelt field is found", () => {
  const faults = fieldFaults(staging("Deployment/issuer", put(`${POD}/hostNetwerk`, false)));
  expect(faults.join()).toContain("hostNetwerk");
});

test("a value out of its range is found", async () => {
  const mistake = put("/spec/strategy/type", "AllAtOnce");
  expect((await valueFaults(staging("Deployment/issuer", mistake))).join()).toContain("type");
});

test("a kind that nobody has looked at is found", async () => {
  const unknown: Manifest = { apiVersion: "v1", kind: "Pod", metadata: { name: "x" } };
  expect(fieldFaults([unknown]).join()).toContain("unknown/v1");
  expect((await valueFaults([unknown])).join()).toContain("nothing is known of v1");
});

test("a migration that goes to another database than its service is found", () => {
  const manifests = combination("everything-in-the-cluster").map((one) =>
    identity(one) === "Job/issuer-migration"
      ? (jsonPatch(one, [
          put(`${CONTAINER}/env/0/value`, "postgres://issuer@postgres:5432/other"),
        ]) as Manifest)
      : one,
  );
  expect(RULES["migrations go to the databases of their services"]!(manifests)).toEqual([
    "Job/issuer-migration migrates another database than issuer's",
  ]);
});

const MISTAKES: readonly (readonly [rule: string, of: string, change: Operation, told: string])[] =
  [
    [
      "pods have no right that they do not need",
      "Deployment/issuer",
      put(`${POD}/securityContext/runAsNonRoot`, false),
      "Deployment/issuer may run as root",
    ],
    [
      "pods have no right that they do not need",
      "Deployment/issuer",
      put(`${CONTAINER}/image`, "issuer:latest"),
      "Deployment/issuer, issuer: runs issuer:latest",
    ],
    [
      "pods have no right that they do not need",
      "Deployment/issuer",
      put(`${CONTAINER}/image`, "registry:5000/issuer"),
      "Deployment/issuer, issuer: runs registry:5000/issuer",
    ],
    [
      "pods have no right that they do not need",
      "StatefulSet/redis",
      put(`${CONTAINER}/securityContext/capabilities`, {}),
      "StatefulSet/redis, redis: keeps capabilities",
    ],
    [
      "what goes on running is probed",
      "Deployment/issuer",
      { op: "remove", path: `${CONTAINER}/livenessProbe` },
      "Deployment/issuer, issuer is not probed",
    ],
    [
      "what goes on running is probed",
      "Deployment/issuer",
      put(`${CONTAINER}/readinessProbe/grpc/port`, 1),
      "Deployment/issuer, issuer is probed at 1, which it has not",
    ],
    [
      "volumes are mounted, and mounts have volumes",
      "Deployment/issuer",
      put(`${POD}/volumes/0/name`, "other"),
      "Deployment/issuer: other is mounted nowhere",
    ],
    [
      "pods are given the time that they take to leave",
      "Deployment/seat-broker",
      put(`${POD}/terminationGracePeriodSeconds`, 30),
      "Deployment/seat-broker takes 37 s to leave, and is given 30 s",
    ],
    [
      "selectors select something",
      "Service/issuer",
      put("/spec/selector/app.kubernetes.io~1name", "issuers"),
      "Service/issuer selects nothing",
    ],
    [
      "selectors select something",
      "PodDisruptionBudget/issuer",
      put("/spec/selector/matchLabels/tier", "x"),
      "PodDisruptionBudget/issuer selects nothing",
    ],
    [
      "services lead to ports that there are",
      "Service/issuer",
      put("/spec/ports/0/targetPort", "http"),
      "Service/issuer leads to http, which nobody has",
    ],
    [
      "autoscalers have a workload whose number nobody else sets",
      "Deployment/issuer",
      put("/spec/replicas", 2),
      "Deployment/issuer has a number of its own",
    ],
    [
      "autoscalers have a workload whose number nobody else sets",
      "HorizontalPodAutoscaler/issuer",
      put("/spec/scaleTargetRef/name", "x"),
      "issuer scales Deployment/x, which is not there",
    ],
    [
      "whatever is named is there",
      "Deployment/issuer",
      put(`${POD}/serviceAccountName`, "nobody"),
      "Deployment/issuer names nobody, which is not there",
    ],
    [
      "whatever is named is there",
      "Deployment/issuer",
      put(`${POD}/volumes/0/secret/secretName`, "lost"),
      "Deployment/issuer names lost, which is not there",
    ],
    [
      "ways are allowed from both ends, and taken",
      "NetworkPolicy/activation-to-issuer",
      put("/spec/egress/0/ports/0/port", 7401),
      "activation → issuer:7411 is wanted, and not allowed",
    ],
    [
      "ways are allowed from both ends, and taken",
      "NetworkPolicy/postgres-from-issuer",
      put("/spec/ingress/0/ports/0/port", 5433),
      "issuer → postgres:5433 may arrive, and not leave",
    ],
    [
      "what no policy allows is refused",
      "NetworkPolicy/nothing",
      put("/spec/policyTypes", ["Ingress"]),
      "nothing is refused by default",
    ],
    [
      "services start with the settings that they are given",
      "Deployment/issuer",
      put(`${CONTAINER}/env/0/name`, "ISSUER_LISTENS"),
      "Deployment/issuer: ISSUER_LISTENS is not a setting",
    ],
    [
      "services start with the settings that they are given",
      "Deployment/issuer",
      put(`${CONTAINER}/volumeMounts/0/mountPath`, "/run/other"),
      "Deployment/issuer: ISSUER_PEPPER_FILE names /run/secrets/leasehold/pepper, which is not mounted",
    ],
    [
      "services start with the settings that they are given",
      "Deployment/issuer",
      put(`${CONTAINER}/env/20/name`, "OTHER"),
      "Deployment/issuer: ISSUER_TRUST_NAMESPACE is missing",
    ],
    [
      "ways are allowed from both ends, and taken",
      "NetworkPolicy/issuer-to-identity-providers",
      put("/spec/egress/0/ports/0/port", 8443),
      "issuer → outside:443 is wanted, and not allowed",
    ],
    [
      "services have everything that makes them ones to rely on",
      "PodDisruptionBudget/issuer",
      put("/metadata/name", "other"),
      "there is no PodDisruptionBudget/issuer",
    ],
    [
      "services have everything that makes them ones to rely on",
      "Deployment/issuer",
      put(`${POD}/topologySpreadConstraints/0/topologyKey`, "rack"),
      "Deployment/issuer is not spread by kubernetes.io/hostname",
    ],
    [
      "services call each other by the address of every replica",
      "Service/issuer-replicas",
      { op: "remove", path: "/spec/clusterIP" },
      "Deployment/activation: ACTIVATION_ISSUER_ADDRESS does not lead to every replica",
    ],
    [
      "heaps are bounded, and leave room",
      "Deployment/issuer",
      put(`${CONTAINER}/env/1/value`, "--max-old-space-size=400"),
      "Deployment/issuer has a heap of 400 MiB, within 512 MiB",
    ],
  ];

test.each(MISTAKES)("%s: a mistake in %s is found", (rule, of, change, told) => {
  expect(RULES[rule]!(staging(of, change))).toContain(told);
});

test("each rule has a mistake that it finds", () => {
  const shown = new Set(MISTAKES.map(([rule]) => rule));
  const others = [
    "fetched secrets have every key",
    "migrations go to the databases of their services",
  ];
  expect(Object.keys(RULES).filter((rule) => !shown.has(rule) && !others.includes(rule))).toEqual(
    [],
  );
});

test("a secret that is fetched without one of its keys is found", () => {
  const manifests = combination("production").map((one) =>
    identity(one) === "ExternalSecret/issuer-secrets"
      ? (jsonPatch(one, [put("/spec/data", [])]) as Manifest)
      : one,
  );
  expect(incompleteSecrets(manifests, SECRET_FILES)).toHaveLength(1);
});
