import { activation } from "@leasehold/contracts";
import { isUuid, parseName, type Uuid } from "@leasehold/kernel";
import { type PageTokens, readList } from "@leasehold/list-query";
import type { CallContext, Check } from "@leasehold/service-kit";
import { INSTALLATIONS_LIST } from "../domain/installations-list.ts";
import type { InstallationParent } from "../use-cases/installation-ports.ts";
import type { RefreshInstallation } from "../use-cases/refresh-installation.ts";
import type { RenameInstallation } from "../use-cases/rename-installation.ts";
import type { TransferInstallation } from "../use-cases/transfer-installation.ts";
import { parseFingerprint } from "./parse-fingerprint.ts";

/** Longest text that people or machines tell, in code points. */
const TEXT = { max: 200 } as const;
const PUBLIC_KEY_BYTES = 32;
const COUNTER = { min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) } as const;
const PATTERN = "installations/{installation}";

/** The installation that calls, and how it presents itself. */
export function readRefresh(
  check: Check,
  request: activation.RefreshInstallationRequest,
  call: CallContext,
): RefreshInstallation {
  const { fingerprint, evidence } = request;
  return {
    id: idOfCaller(call),
    counter: Number(check.integer("counter", request.counter, COUNTER)),
    fingerprint: fingerprint && parseFingerprint(check, fingerprint),
    evidence: evidence && readEvidence(check, evidence),
    applicationVersion: check.text("application_version", request.applicationVersion, TEXT),
    host: check.text("host", request.host, TEXT),
  };
}

/** An installation by its name. */
export function readInstallationName(check: Check, { name }: { readonly name: string }): Uuid {
  const id = parseName(PATTERN, name)?.installation ?? "";
  if (!isUuid(id)) check.violation("name", `must be ${PATTERN}, of which the id is a UUID`);
  return id as Uuid; // never seen if it is none: the request is then refused
}

/** What to call which installation. */
export function readRename(
  check: Check,
  request: activation.RenameInstallationRequest,
): RenameInstallation {
  return {
    id: readInstallationName(check, request),
    displayName: check.text("display_name", request.displayName, TEXT),
  };
}

/** Which installation to move, and where to. */
export function readTransfer(
  check: Check,
  request: activation.TransferInstallationRequest,
): TransferInstallation {
  const { fingerprint, beyondLimit } = request;
  return {
    id: readInstallationName(check, request),
    publicKey: check.bytes("public_key", request.publicKey, PUBLIC_KEY_BYTES),
    host: check.text("host", request.host, TEXT),
    fingerprint: fingerprint && parseFingerprint(check, fingerprint),
    beyondLimit,
  };
}

/** The installations to list, and how the page tells where the next one begins. */
export function readListInstallations(
  check: Check,
  request: activation.ListInstallationsRequest,
  tokens: PageTokens,
) {
  const { parent } = request;
  const call = { tokens, method: "ListInstallations", parent };
  return {
    parent: readParent(check, parent),
    ...readList(check, INSTALLATIONS_LIST, request, call),
  };
}

function readParent(check: Check, parent: string): InstallationParent {
  const every = /^(.*\/licenses)\/-$/.exec(parent)?.[1];
  const pattern = every === undefined ? "customers/{customer}/licenses/{license}" : ALL_OF_CUSTOMER;
  const named = parseName(pattern, every ?? parent);
  if (named === undefined)
    check.violation(
      "parent",
      "must be customers/{customer}/licenses/{license}, or - for the license",
    );
  return { customer: named?.customer ?? "", license: every === undefined ? parent : undefined };
}

const ALL_OF_CUSTOMER = "customers/{customer}/licenses";

/** The contract's words in base64. */
function readEvidence(check: Check, evidence: activation.MachineEvidence): string {
  const said = {
    hypervisor: evidence.hypervisor,
    container: evidence.container,
    cloud: evidence.cloud,
    vendor: evidence.vendor,
    model: evidence.model,
    kubernetes_cluster: evidence.kubernetesCluster,
  };
  for (const [field, text] of Object.entries(said)) check.text(`evidence.${field}`, text, TEXT);
  return Buffer.from(activation.MachineEvidence.encode(evidence).finish()).toString("base64");
}

/** Its certificate has a well-formed name of a UUID, as this service gave it. */
function idOfCaller({ principal }: CallContext): Uuid {
  const name = principal.kind === "installation" ? principal.installation : "";
  const id = parseName(PATTERN, name)?.installation ?? "";
  if (!isUuid(id)) throw new Error("the method is for installations");
  return id;
}
