import {
  databaseFields,
  defineConfig,
  flag,
  fromFile,
  hexBytes,
  optional,
  parsedFile,
  serviceFields,
  signInFields,
} from "@leasehold/service-kit";
import type { Config } from "@leasehold/service-kit";
import { isBootstrapToken, MAX_SUCCESSIONS } from "@leasehold/license-format";
import { bootstrapDigest } from "./domain/bootstrap.ts";

/** The settings of the issuer. */
export const issuerConfig = defineConfig("ISSUER", {
  ...serviceFields({ listen: "127.0.0.1:7401" }),
  ...databaseFields(),
  ...signInFields(),
  keyEncryptionKey: parsedFile(
    {
      doc: "Seals the private keys in the database: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first",
    },
    readKeyEncryptionKeys,
  ),
  pepper: parsedFile(
    {
      doc: "What product keys are stored under: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first",
    },
    readPeppers,
  ),
  keepProductKeys: flag({
    doc: "Keep new product keys, sealed under the key-encryption key, so that RevealProductKey can tell them again. Off, it tells none",
    default: "off",
  }),
  selfRegistration: flag({
    doc: "Let people who sign in create customers of their own. Off, customers are created by the vendor, and people join them",
    default: "off",
  }),
  bootstrapToken: optional(
    parsedFile(
      {
        doc: "What makes the first owner of the deployment, from leasehold administrator create-bootstrap-token. Of no use once there is one, or after 24 hours",
      },
      readBootstrapToken,
    ),
  ),
  trustRootKey: fromFile(
    hexBytes(32, { doc: "Signs the trust bundle: the 32 bytes of an Ed25519 private key" }),
  ),
  rootSuccessions: optional(
    parsedFile(
      {
        doc: "After a change of the root key: what the earlier ones signed for it, one `root+jwt` a line, the earliest first",
      },
      readRootSuccessions,
    ),
  ),
  leasePublicKeys: optional(
    parsedFile(
      {
        doc: "What borrowed seats are verified with: the public half of the seat-brokers' lease key as 64 hexadecimal digits, with others one a line: the next one before seat-brokers sign with it, an earlier one for as long as a seat may be borrowed. Without it, none can be",
      },
      readLeasePublicKeys,
    ),
  ),
});

/** What the issuer is started with. */
export type IssuerConfig = Config<(typeof issuerConfig)["fields"]>;

/** The digest of the token of a file: the token itself is not kept. */
function readBootstrapToken(text: string): Uint8Array {
  const token = text.trim();
  if (!isBootstrapToken(token)) throw new Error("must hold a bootstrap token, lh_boot_…");
  return bootstrapDigest(token);
}

/** The key-encryption keys of a file, 32 bytes each. */
export function readKeyEncryptionKeys(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  return readLines(text);
}

/** The peppers of a file, 32 bytes each. */
export function readPeppers(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  return readLines(text);
}

/** More would crowd the trust bundle, and are a mistake. */
const MOST_LEASE_KEYS = 16;

/** The public keys of a file, 32 bytes each. */
export function readLeasePublicKeys(text: string): readonly Uint8Array[] {
  const keys = readLines(text);
  const distinct = new Set(keys.map((key) => Buffer.from(key).toString("hex")));
  if (distinct.size !== keys.length) throw new Error("must hold no key twice");
  if (keys.length > MOST_LEASE_KEYS) throw new Error(`must hold ${MOST_LEASE_KEYS} keys at most`);
  return keys;
}

/** The successions of a file, as tokens; what they say is looked at later. */
function readRootSuccessions(text: string): readonly string[] {
  const tokens = text.split(/\s+/).filter((token) => token !== "");
  if (tokens.length > MAX_SUCCESSIONS) throw new Error(`must hold ${MAX_SUCCESSIONS} at most`);
  return tokens;
}

/** 32 bytes a line. */
function readLines(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [first, ...others] = lines.filter((line) => line !== "").map(readLine);
  if (!first) throw new Error("must hold 64 hexadecimal digits");
  return [first, ...others];
}

function readLine(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}
