import {
  type Config,
  databaseFields,
  defineConfig,
  hexBytes,
  optional,
  parsedFile,
  secretFile,
  serviceFields,
  string,
  target,
} from "@leasehold/service-kit";

/** The settings of the activation service. */
export const configSchema = defineConfig("ACTIVATION", {
  ...serviceFields({ listen: "127.0.0.1:7402" }),
  ...databaseFields(),
  issuerAddress: target({ doc: "Where the issuer listens", default: "127.0.0.1:7401" }),
  serviceToken: secretFile({ doc: "The bearer secret that this service presents to the issuer" }),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  salesContact: string({
    doc: "Whom the holder of a product key that no longer unlocks should ask",
    default: "your vendor",
  }),
  sealKeys: optional(
    parsedFile(
      {
        doc: "What product keys in request files are sealed to: an X25519 private key, any 32 bytes as 64 hexadecimal digits; after a change one a line, newest first. Without it, request files are not answered",
      },
      readSealKeys,
    ),
  ),
});

/** What the settings say. */
export type ActivationConfig = Config<(typeof configSchema)["fields"]>;

/** The keys of a file, 32 bytes each, newest first. */
export function readSealKeys(text: string): readonly [Uint8Array, ...Uint8Array[]] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [newest, ...older] = lines.filter((line) => line !== "").map(readSealKey);
  if (!newest) throw new Error("must hold 64 hexadecimal digits");
  return [newest, ...older];
}

function readSealKey(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}
