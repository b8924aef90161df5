import {
  type Config,
  databaseFields,
  defineConfig,
  hexBytes,
  secretFile,
  serviceFields,
  signInFields,
  string,
  target,
} from "@leasehold/service-kit";

/** The settings of the activation service. */
export const configSchema = defineConfig("ACTIVATION", {
  ...serviceFields({ listen: "127.0.0.1:7402" }),
  ...databaseFields(),
  ...signInFields(),
  issuerAddress: target({ doc: "Where the issuer listens", default: "127.0.0.1:7401" }),
  serviceToken: secretFile({ doc: "The bearer secret that this service presents to the issuer" }),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  salesContact: string({
    doc: "Whom the holder of a product key that no longer unlocks should ask",
    default: "your vendor",
  }),
});

/** What the settings say. */
export type ActivationConfig = Config<(typeof configSchema)["fields"]>;
