import {
  databaseFields,
  defineConfig,
  fromFile,
  hexBytes,
  parsedFile,
  serviceFields,
} from "@leasehold/service-kit";
import type { Config } from "@leasehold/service-kit";

/** The settings of the issuer. */
export const issuerConfig = defineConfig("ISSUER", {
  ...serviceFields({ listen: "127.0.0.1:7401" }),
  ...databaseFields(),
  keyEncryptionKey: fromFile(
    hexBytes(32, { doc: "Seals the private keys in the database: 32 bytes" }),
  ),
  pepper: parsedFile(
    {
      doc: "What product keys are stored under: 32 bytes as 64 hexadecimal digits; after a rotation one a line, newest first",
    },
    readPeppers,
  ),
  trustRootKey: fromFile(
    hexBytes(32, { doc: "Signs the trust bundle: the 32 bytes of an Ed25519 private key" }),
  ),
});

/** What the issuer is started with. */
export type IssuerConfig = Config<(typeof issuerConfig)["fields"]>;

/** The peppers of a file, 32 bytes each. */
export function readPeppers(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const peppers = lines.filter((line) => line !== "").map(readPepper);
  const [newest, ...older] = peppers;
  if (!newest) throw new Error("must hold 64 hexadecimal digits");
  return [newest, ...older];
}

function readPepper(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}
