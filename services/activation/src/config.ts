import {
  type Config,
  databaseFields,
  defineConfig,
  hexBytes,
  optional,
  parsedFile,
  secretFile,
  serviceFields,
  signInFields,
  string,
  target,
} from "@leasehold/service-kit";
import { unlockFields } from "./config-unlock.ts";
import { readSealKeys } from "./seal-keys.ts";

/** The settings of the activation service. */
export const configSchema = defineConfig("ACTIVATION", {
  ...serviceFields({ listen: "127.0.0.1:7402" }),
  ...databaseFields(),
  ...signInFields(),
  issuerAddress: target({ doc: "Where the issuer listens", default: "127.0.0.1:7401" }),
  serviceToken: optional(
    secretFile({
      doc: "The bearer secret that this service presents to the issuer, unless it has a SERVICE_CERTIFICATE_FILE",
    }),
  ),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  salesContact: string({
    doc: "Whom the holder of a product key that no longer unlocks should ask, unless the product tells",
    default: "your vendor",
  }),
  ...unlockFields(),
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
