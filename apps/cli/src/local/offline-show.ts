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
  const now = systemClock.now();
  const label = /-----BEGIN LEASEHOLD ([A-Z]+)-----/.exec(text)?.[1];
  switch (label) {
    case "REQUEST": {
      const { preview, request } = parsed(parseRequestFile(text));
      const derived = requestFilePreview(request);
      const verify = () => verifyOfflineRequest(request, { now });
      return { kind: "request", preview, derived, verify, rootless: true };
    }
    case "RESPONSE": {
      const file = parsed(parseResponseFile(text));
      const verify = (root: Uint8Array) => verifyResponseFile(file, root, { now });
      return { kind: "response", ...file, derived: responseFilePreview(file), verify };
    }
    case "LICENSE": {
      const file = parsed(parseLicenseFile(text));
      const verify = (root: Uint8Array) => verifyLicenseFile(file, root, { now });
      return { kind: "license", ...file, derived: licenseFilePreview(file), verify };
    }
    case "REVOCATIONS": {
      const file = parsed(parseRevocationFile(text));
      const verify = (root: Uint8Array) => verifyRevocationFile(file, root);
      return {
        kind: "revocations",
        ...file,
        derived: revocationFilePreview(file.revocations),
        verify,
      };
    }
    case "VENDOR": {
      const { preview, derived } = parsed(parseVendorFile(text));
      return { kind: "vendor", preview, derived };
    }
    default:
      throw offlineFault("no-block");
  }
}

type Parsed<File> = File extends { readonly kind: "parsed" } ? Omit<File, "kind"> : never;

function parsed<
  File extends
    | { readonly kind: "parsed" }
    | { readonly kind: "refused"; readonly fault: Parameters<typeof offlineFault>[0] },
>(file: File): Parsed<File> {
  if (file.kind === "refused") throw offlineFault(file.fault);
  const { kind: _, ...rest } = file;
  return rest as unknown as Parsed<File>;
}

function rootIn(path: string): Uint8Array {
  const vendor = parseVendorFile(fileText(path));
  if (vendor.kind === "refused") throw new UsageError(`${path} is no vendor file`);
  return vendor.trustRoot;
}

function same(lines: readonly string[], others: readonly string[] | undefined): boolean {
  return lines.length === others?.length && lines.every((line, at) => line === others[at]);
}
