import {
  formatLicenseFile,
  formatRequestFile,
  formatResponseFile,
  formatRevocationFile,
  formatVendorFile,
  generateKeyPair,
  parseLicenseFile,
  parseRequestFile,
  parseResponseFile,
  parseRevocationFile,
  parseVendorFile,
  verifyLicenseFile,
  verifyOfflineRequest,
  verifyResponseFile,
  verifyRevocationFile,
} from "@leasehold/license-format";
import { NOW, REQUEST, subjects } from "../tokens/subjects.ts";

/** A kind of file that people carry about. */
export interface FileKind {
  readonly kind: string;
  readonly file: string;
  /**
   * What is believed of a text, as JSON of the claims alone: previews, line ends and blank lines prove
   * nothing and may differ. `undefined` if nothing is.
   */
  believed(text: string): Promise<string | undefined>;
}

function told(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? String(member) : member,
  );
}

/** A genuine file of every kind, of one deployment. */
export async function fileKinds(): Promise<readonly FileKind[]> {
  const { all, keys } = await subjects();
  const token = (typ: string) => all.find((subject) => subject.typ === typ)?.token ?? "";
  const root = keys.trust.publicKey;
  const [license, install, trust] = [
    token("license+jwt"),
    token("install+jwt"),
    token("trust+jwt"),
  ];
  const expected = { now: NOW };
  const believedOf = async (
    parsed: { readonly kind: string },
    verify: () => Promise<{ readonly kind: string; readonly claims?: unknown }>,
  ) => {
    if (parsed.kind === "refused") return undefined;
    const verified = await verify();
    return verified.kind === "verified" ? told(verified.claims) : undefined;
  };
  const pair = await generateKeyPair();
  const vendor = { deployment: "dev.leasehold.local", trustRoot: root, sealKey: pair.publicKey };
  return [
    {
      kind: "license file",
      file: formatLicenseFile({ license, install, trust }),
      believed: async (text) => {
        const parsed = parseLicenseFile(text);
        return believedOf(parsed, async () =>
          parsed.kind === "parsed" ? verifyLicenseFile(parsed, root, expected) : parsed,
        );
      },
    },
    {
      kind: "response file",
      file: formatResponseFile({ request: REQUEST, license, install, trust }),
      believed: async (text) => {
        const parsed = parseResponseFile(text);
        return believedOf(parsed, async () =>
          parsed.kind === "parsed" ? verifyResponseFile(parsed, root, expected) : parsed,
        );
      },
    },
    {
      kind: "revocation file",
      file: formatRevocationFile({ revocations: token("revlist+jwt"), trust }),
      believed: async (text) => {
        const parsed = parseRevocationFile(text);
        return believedOf(parsed, async () =>
          parsed.kind === "parsed" ? verifyRevocationFile(parsed, root) : parsed,
        );
      },
    },
    {
      kind: "request file",
      file: formatRequestFile(token("actreq+jwt")),
      believed: async (text) => {
        const parsed = parseRequestFile(text);
        return believedOf(parsed, async () =>
          parsed.kind === "parsed" ? verifyOfflineRequest(parsed.request, expected) : parsed,
        );
      },
    },
    {
      kind: "vendor file",
      file: formatVendorFile(vendor),
      // Nobody signs it: it is believed for the way on which it came. It must say what its preview says.
      believed: async (text) => {
        const parsed = parseVendorFile(text);
        if (parsed.kind === "refused") return undefined;
        const { deployment, derived } = parsed;
        return deployment === vendor.deployment && derived.join() === vendorPreview(vendor)
          ? told(derived)
          : undefined;
      },
    },
  ];
}

/** What stands in front of a vendor file, for the person who compares it. */
function vendorPreview(vendor: Parameters<typeof formatVendorFile>[0]): string {
  const parsed = parseVendorFile(formatVendorFile(vendor));
  return parsed.kind === "parsed" ? parsed.derived.join() : "";
}
