import {
  formatResponseFile,
  formatRevocationFile,
  formatVendorFile,
  generateKeyPair,
  type KeyPair,
  openSealedUnlock,
  parseRequestFile,
  type RevocationList,
  sealPublicKeyOf,
  signInstallation,
  signingKey,
  type SigningKey,
  signLicense,
  signRevocationList,
  signTrustBundle,
  thumbprint,
  type UnlockSecret,
  verifyOfflineRequest,
} from "@leasehold/license-format";

const DAY_MS = 86_400_000;
const DEPLOYMENT = "dev.leasehold.local";
const SEAL_PRIVATE_KEY = new Uint8Array(32).fill(3);

export const INSTALLATION_ID = "0190f5fe-7c00-7a00-8000-000000000002";
export const LICENSE_ID = "0190f5fe-7c00-7a00-8000-000000000001";

/** What an answer may have otherwise. */
export interface Answering {
  /** Milliseconds since 1970; now if absent. */
  readonly issuedAt?: number;
  readonly trustVersion?: number;
  readonly revision?: number;
  /** Whose key it is made out to, instead of the asker's. */
  readonly publicKey?: Uint8Array;
}

/** A vendor that answers request files on paper: it has keys, and no connection to anyone. */
export class OfflineVendor {
  readonly vendorFile: string;
  /** What was sealed in the request files so far. */
  readonly secrets: UnlockSecret[] = [];
  readonly #root: SigningKey;
  readonly #license: SigningKey;
  readonly #install: SigningKey;

  private constructor(root: KeyPair, license: KeyPair, install: KeyPair) {
    this.#root = signingKey("trust", root.privateKey);
    this.#license = signingKey("license", license.privateKey);
    this.#install = signingKey("install", install.privateKey);
    this.vendorFile = formatVendorFile({
      deployment: DEPLOYMENT,
      trustRoot: root.publicKey,
      sealKey: sealPublicKeyOf(SEAL_PRIVATE_KEY),
    });
  }

  static async open(): Promise<OfflineVendor> {
    return new OfflineVendor(
      await generateKeyPair(),
      await generateKeyPair(),
      await generateKeyPair(),
    );
  }

  async answer(requestFile: string, answering: Answering = {}): Promise<string> {
    const parsed = parseRequestFile(requestFile);
    if (parsed.kind === "refused") throw new Error(parsed.fault);
    const verified = await verifyOfflineRequest(parsed.request, {
      deployment: DEPLOYMENT,
      now: Date.now(),
    });
    if (verified.kind === "refused") throw new Error(verified.fault);
    const { claims } = verified;
    if (claims.purpose === "UNLOCK") {
      const own = { publicKeyThumbprint: thumbprint(claims.publicKey), request: claims.id };
      const opened = await openSealedUnlock(claims.sealed, own, [SEAL_PRIVATE_KEY]);
      if (opened.kind === "refused") throw new Error(opened.fault);
      this.secrets.push(opened.secret);
    }
    const { issuedAt = Date.now(), trustVersion = 1, revision = 1 } = answering;
    const common = {
      deployment: DEPLOYMENT,
      product: claims.product,
      license: `customers/acme/licenses/${LICENSE_ID}`,
      issuedAt,
      refreshBy: issuedAt + 30 * DAY_MS,
    };
    const license = await signLicense(this.#license, {
      ...common,
      id: "license-1",
      revision,
      licensee: { name: "Ada Lovelace", organization: "Acme" },
      terms: {
        model: "FLOATING",
        seats: 3,
        features: [{ feature: "dataflow" }],
        startTime: issuedAt - DAY_MS,
        endTime: issuedAt + 365 * DAY_MS,
      },
    });
    const install = await signInstallation(this.#install, {
      ...common,
      id: "installation-1",
      installation: `installations/${INSTALLATION_ID}`,
      publicKeyThumbprint: thumbprint(answering.publicKey ?? claims.publicKey),
      answers: claims.id,
    });
    const trust = await this.#trust(trustVersion);
    return formatResponseFile({ request: claims.id, license, install, trust });
  }

  async revocationFile(given: Partial<RevocationList>): Promise<string> {
    const revocations = await signRevocationList(this.#license, {
      deployment: DEPLOYMENT,
      version: 1,
      licenses: [],
      installations: [],
      issuedAt: Date.now(),
      ...given,
    });
    return formatRevocationFile({ revocations, trust: await this.#trust(1) });
  }

  #trust(version: number): Promise<string> {
    return signTrustBundle(this.#root, {
      deployment: DEPLOYMENT,
      version,
      issuedAt: Date.now(),
      keys: [this.#license, this.#install].map(({ kid, purpose, publicKey }) => ({
        kid,
        purpose,
        publicKey,
      })),
    });
  }
}
