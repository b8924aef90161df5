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
import { NOW, REQUEST } from "../tokens/subject.ts";
import { subjects } from "../tokens/subjects.ts";

/** A kind of file that people carry about. */
export interface FileKind {
  readonly kind: string;
  readonly file: string;
  /**
   * What is believed of a text, as JSON of the claims alone: previews, line ends and blank lines prove
   * nothing and may differ. `undefined` if nothing is.
   */
  readonly believed: (text: string) => Promise<string | undefined>;
}

function told(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? String(member) : member,
  );
}

type Parsed = { readonly kind: "refused" } | { readonly kind: "parsed" };

interface VerifiedFile {
  readonly kind: string;
  readonly claims?: unknown;
}

/** What is believed where a file is parsed, and what it holds verified. */
function believing<File extends Parsed>(
  parse: (text: string) => File,
  verify: (file: Extract<File, { readonly kind: "parsed" }>) => Promise<VerifiedFile>,
): FileKind["believed"] {
  const isParsed = (file: File): file is Extract<File, { readonly kind: "parsed" }> =>
    file.kind === "parsed";
  return async (text) => {
    const file = parse(text);
    if (!isParsed(file)) return undefined;
    const verified = await verify(file);
    return verified.kind === "verified" ? told(verified.claims) : undefined;
  };
}

/** A genuine file of every kind, of one deployment. */
export async function fileKinds(): Promise<readonly FileKind[]> {
  const { all, keys } = await subjects();
  const token = (typ: string) => all.find((subject) => subject.typ === typ)?.token ?? "";
  const root = keys.trust.publicKey;
  const trust = token("trust+jwt");
  const certificates = { license: token("license+jwt"), install: token("install+jwt"), trust };
  const expected = { now: NOW };
  return [
    {
      kind: "license file",
      file: formatLicenseFile(certificates),
      believed: believing(parseLicenseFile, (file) => verifyLicenseFile(file, root, expected)),
    },
    {
      kind: "response file",
      file: formatResponseFile({ request: REQUEST, ...certificates }),
      believed: believing(parseResponseFile, (file) => verifyResponseFile(file, root, expected)),
    },
    {
      kind: "revocation file",
      file: formatRevocationFile({ revocations: token("revlist+jwt"), trust }),
      believed: believing(parseRevocationFile, (file) => verifyRevocationFile(file, root)),
    },
    {
      kind: "request file",
      file: formatRequestFile(token("actreq+jwt")),
      believed: believing(parseRequestFile, ({ request }) =>
        verifyOfflineRequest(request, expected),
      ),
    },
    await vendorFile(root),
  ];
}

/** Nobody signs it: it is believed for the way on which it came. It must say what its preview says. */
async function vendorFile(trustRoot: Uint8Array): Promise<FileKind> {
  const { publicKey: sealKey } = await generateKeyPair();
  const vendor = { deployment: "dev.leasehold.local", trustRoot, sealKey };
  const file = formatVendorFile(vendor);
  const written = parseVendorFile(file);
  const preview = written.kind === "parsed" ? written.derived.join() : "";
  return {
    kind: "vendor file",
    file,
    believed: async (text) => {
      const parsed = parseVendorFile(text);
      if (parsed.kind === "refused") return undefined;
      const { deployment, derived } = parsed;
      return deployment === vendor.deployment && derived.join() === preview
        ? told(derived)
        : undefined;
    },
  };
}
