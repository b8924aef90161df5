import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemRandom } from "@leasehold/kernel";
import { newBootstrapToken } from "@leasehold/license-format";
import type { ServiceKind } from "./service-name.ts";

/** Secrets of one cluster, each in a file of its own below the cluster's folder. */
export interface Secrets {
  /** Bearer secret of an administrator who may do everything. */
  readonly adminToken: string;
  readonly adminTokenFile: string;
  /** Bearer secret of an administrator who may do nothing. */
  readonly powerlessToken: string;
  /** What makes the first owner. */
  readonly bootstrapToken: string;
  readonly bootstrapTokenFile: string;
  /** Public root key, 64 hex digits: what installations and services pin. */
  readonly trustRoot: string;
  readonly trustRootKeyFile: string;
  readonly keyEncryptionKeyFile: string;
  readonly pepperFile: string;
  /** What activation makes challenges with. */
  readonly challengeKeysFile: string;
  readonly leaseTokenKeysFile: string;
  /** What seat-brokers sign borrowed seats with, 64 hex digits, and its public half for the issuer. */
  readonly leaseKeyFile: string;
  readonly leasePublicKeysFile: string;
  /** What product keys in request files are sealed to, 64 hex digits. */
  readonly sealKeysFile: string;
  /** What each service accepts. */
  readonly bearerTokensFiles: Readonly<Record<ServiceKind, string>>;
  /** What each service shows when it calls another. */
  readonly serviceTokenFiles: Readonly<Record<"activation" | "seat-broker", string>>;
}

/** One entry of a file of accepted bearer secrets. */
interface AcceptedToken {
  readonly sha256: string;
  readonly kind: "administrator" | "service";
  readonly subject: string;
  readonly permissions: readonly string[];
}

/** Makes new secrets in a folder that only the caller can enter. */
export async function makeSecrets(folder: string): Promise<Secrets> {
  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, `${content}\n`, { mode: 0o600 });
    return path;
  };
  const [admin, activation, seatBroker] = [bearerSecret(), bearerSecret(), bearerSecret()];
  const powerless = bearerSecret();
  const nobody = accept(powerless, "administrator", "nobody", []);
  const administrator = accept(admin, "administrator", "developer", ["*"]);
  const toIssuer = accept(activation, "service", "activation", [
    "unlock",
    "licenses.watch",
    "revocations.write",
    "accounts.read",
  ]);
  const toActivation = accept(seatBroker, "service", "seat-broker", ["entitlements.watch"]);
  const lookingUp = accept(seatBroker, "service", "seat-broker", ["accounts.read"]);
  const [root, lease] = [signingKeys(), signingKeys()];
  const bootstrapToken = newBootstrapToken(systemRandom);
  return {
    adminToken: admin,
    powerlessToken: powerless,
    bootstrapToken,
    bootstrapTokenFile: await write("bootstrap-token", bootstrapToken),
    adminTokenFile: await write("admin-token", admin),
    trustRoot: root.publicKey,
    trustRootKeyFile: await write("trust-root-key", root.privateKey),
    keyEncryptionKeyFile: await write("key-encryption-key", hexKey()),
    pepperFile: await write("pepper", hexKey()),
    challengeKeysFile: await write("challenge-keys", hexKey()),
    leaseTokenKeysFile: await write("lease-token-keys", hexKey()),
    leaseKeyFile: await write("lease-key", lease.privateKey),
    leasePublicKeysFile: await write("lease-public-keys", lease.publicKey),
    sealKeysFile: await write("seal-keys", hexKey()),
    bearerTokensFiles: {
      issuer: await write(
        "issuer-bearer-tokens.json",
        JSON.stringify([administrator, nobody, toIssuer, lookingUp]),
      ),
      activation: await write(
        "activation-bearer-tokens.json",
        JSON.stringify([administrator, nobody, toActivation]),
      ),
      "seat-broker": await write(
        "seat-broker-bearer-tokens.json",
        JSON.stringify([administrator, nobody]),
      ),
    },
    serviceTokenFiles: {
      activation: await write("activation-service-token", activation),
      "seat-broker": await write("seat-broker-service-token", seatBroker),
    },
  };
}

function accept(
  secret: string,
  kind: AcceptedToken["kind"],
  subject: string,
  permissions: readonly string[],
): AcceptedToken {
  return { sha256: createHash("sha256").update(secret).digest("hex"), kind, subject, permissions };
}

function bearerSecret(): string {
  return randomBytes(32).toString("base64url");
}

function hexKey(): string {
  return randomBytes(32).toString("hex");
}

/** A new Ed25519 key pair; both halves as 64 hex digits, the private one as its seed. */
function signingKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const hex = (half: string) => Buffer.from(half, "base64url").toString("hex");
  return { publicKey: hex(x), privateKey: hex(d) };
}
