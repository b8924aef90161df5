import {
  licenseFilePreview,
  parseLicenseFile,
  parseRequestFile,
  parseResponseFile,
  parseRevocationFile,
  parseVendorFile,
  requestFilePreview,
  responseFilePreview,
  revocationFilePreview,
  type Verified,
  verifyLicenseFile,
  verifyOfflineRequest,
  verifyResponseFile,
  verifyRevocationFile,
} from "@leasehold/license-format";
import { systemClock } from "@leasehold/kernel";
import { fileText } from "../flag-values.ts";
import type { JsonObject } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";
import { offlineFault } from "./offline-fault.ts";

/** What a file turned out to be. */
interface Shown {
  readonly kind: string;
  /** The lines before the block, as they stand there and as they should. */
  readonly preview: readonly string[];
  readonly derived: readonly string[] | undefined;
  /** Absent where nobody signs it. */
  readonly verify?: (root: Uint8Array) => Promise<Verified<unknown>>;
  /** Whether it proves itself without a root key. */
  readonly rootless?: boolean;
}

/** Shows a file of any kind. Calls nobody. */
export const showFile: CarryOut = async ({ argument, given }) => {
  const shown = look(fileText(argument ?? ""));
  const vendor = given["vendor"];
  const root = typeof vendor === "string" ? rootIn(vendor) : undefined;
  return {
    file: shown.kind,
    verifies: await verdict(shown, root),
    preview: same(shown.preview, shown.derived) ? "as it should be" : "edited",
    holds: (shown.derived ?? []).map((line) => line.replace(/^# /, "")),
  } satisfies JsonObject;
};

async function verdict({ verify, rootless }: Shown, root: Uint8Array | undefined) {
  if (verify === undefined) return "nobody signs a vendor file: ask where it comes from";
  if (root === undefined && rootless !== true) return "not known without --vendor";
  const verified = await verify(root ?? new Uint8Array(32));
  return verified.kind === "verified" ? "yes" : `no: ${offlineFault(verified.fault).message}`;
}

function look(text: string): Shown {
  const label = /-----BEGIN LEASEHOLD ([A-Z]+)-----/.exec(text)?.[1] ?? "";
  switch (label) {
    case "REQUEST":
      return lookAtRequest(text);
    case "RESPONSE":
      return lookAtResponse(text);
    case "LICENSE":
      return lookAtLicense(text);
    case "REVOCATIONS":
      return lookAtRevocations(text);
    case "VENDOR":
      return lookAtVendor(text);
    default:
      throw offlineFault("no-block");
  }
}

function lookAtRequest(text: string): Shown {
  const file = parseRequestFile(text);
  if (file.kind === "refused") throw offlineFault(file.fault);
  return {
    kind: "request",
    preview: file.preview,
    derived: requestFilePreview(file.request),
    verify: () => verifyOfflineRequest(file.request, { now: systemClock.now() }),
    rootless: true,
  };
}

function lookAtResponse(text: string): Shown {
  const file = parseResponseFile(text);
  if (file.kind === "refused") throw offlineFault(file.fault);
  return {
    kind: "response",
    preview: file.preview,
    derived: responseFilePreview(file),
    verify: (root) => verifyResponseFile(file, root, { now: systemClock.now() }),
  };
}

function lookAtLicense(text: string): Shown {
  const file = parseLicenseFile(text);
  if (file.kind === "refused") throw offlineFault(file.fault);
  return {
    kind: "license",
    preview: file.preview,
    derived: licenseFilePreview(file),
    verify: (root) => verifyLicenseFile(file, root, { now: systemClock.now() }),
  };
}

function lookAtRevocations(text: string): Shown {
  const file = parseRevocationFile(text);
  if (file.kind === "refused") throw offlineFault(file.fault);
  return {
    kind: "revocations",
    preview: file.preview,
    derived: revocationFilePreview(file.revocations),
    verify: (root) => verifyRevocationFile(file, root),
  };
}

function lookAtVendor(text: string): Shown {
  const file = parseVendorFile(text);
  if (file.kind === "refused") throw offlineFault(file.fault);
  return { kind: "vendor", preview: file.preview, derived: file.derived };
}

function rootIn(path: string): Uint8Array {
  const vendor = parseVendorFile(fileText(path));
  if (vendor.kind === "refused") throw new UsageError(`${path} is no vendor file`);
  return vendor.trustRoot;
}

function same(lines: readonly string[], others: readonly string[] | undefined): boolean {
  return lines.length === others?.length && lines.every((line, at) => line === others[at]);
}
