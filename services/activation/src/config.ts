import {
  type Config,
  databaseFields,
  defineConfig,
  field,
  hexBytes,
  optional,
  parsedFile,
  secretFile,
  serviceFields,
  signInFields,
  string,
  target,
} from "@leasehold/service-kit";
import { redisTarget } from "@leasehold/store-kit";
import type { ChallengeKeys } from "./domain/challenge.ts";
import { rate } from "./rate-field.ts";
import { readSealKeys } from "./seal-keys.ts";

/** The settings of the activation service. */
export const configSchema = defineConfig("ACTIVATION", {
  ...serviceFields({ listen: "127.0.0.1:7402" }),
  ...databaseFields(),
  ...signInFields(),
  issuerAddress: target({ doc: "Where the issuer listens", default: "127.0.0.1:7401" }),
  serviceToken: secretFile({ doc: "The bearer secret that this service presents to the issuer" }),
  trustRoot: hexBytes(32, { doc: "The deployment's root public key, which signs trust bundles" }),
  salesContact: string({
    doc: "Whom the holder of a product key that no longer unlocks should ask, unless the product tells",
    default: "your vendor",
  }),
  redisUrl: field(
    "redis://…, redis+sentinel://… or redis+cluster://…",
    { doc: "The Redis that counts tries to unlock; may be the one that has the seats" },
    readRedisUrl,
  ),
  challengeKeys: parsedFile(
    {
      doc: "What challenges are made with, and product keys counted under: 32 bytes as 64 hexadecimal digits, the same at all replicas; after a rotation one a line, newest first. Older ones must stay for five minutes",
    },
    readKeys,
  ),
  unlockTriesPerNetwork: rate({
    doc: "Tries to unlock from one network (an IPv4 address, 64 bits of IPv6), whatever comes of them: so many at once, and as many again in each period",
    default: "600/1m",
  }),
  unlockFailuresPerNetwork: rate({
    doc: "Tries from one network in which key, name, organization and product did not go together",
    default: "60/10m",
  }),
  unlockFailuresPerKey: rate({
    doc: "Tries with one product key in which name, organization and product did not go together with it",
    default: "20/10m",
  }),
  unlockFailuresPerDeployment: rate({
    doc: "Tries of everybody in which key, name, organization and product did not go together",
    default: "6000/1m",
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

/** Never tells the URL, which may hold a password. */
function readRedisUrl(text: string): { readonly value: string } | { readonly fault: string } {
  try {
    redisTarget(text);
    return { value: text };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "must be a URL of Redis" };
  }
}

/** The keys of a file, 32 bytes each, newest first. */
export function readKeys(text: string): ChallengeKeys {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [newest, ...older] = lines.filter((line) => line !== "").map(readKey);
  if (!newest) throw new Error("must hold 64 hexadecimal digits");
  return [newest, ...older];
}

function readKey(line: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(line)) throw new Error("must hold 64 hexadecimal digits a line");
  return Uint8Array.from(Buffer.from(line, "hex"));
}

/** What the settings say. */
export type ActivationConfig = Config<(typeof configSchema)["fields"]>;
