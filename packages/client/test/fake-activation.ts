import { randomBytes } from "node:crypto";
import { type sendUnaryData, Server, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { activation } from "@leasehold/contracts";
import {
  formatLicenseFile,
  generateKeyPair,
  type KeyPair,
  signInstallation,
  signingKey,
  signLicense,
  signTrustBundle,
  thumbprint,
  type TrustedKey,
} from "@leasehold/license-format";
import { type Failure, failure, grpcDefinition, listenOn } from "./fake-server.ts";

/** What the fake is called to those who prove something to it. */
export const AUDIENCE = `dev.leasehold.local/${activation.ActivationServiceDefinition.fullName}`;

const HOUR = 3_600_000;
const LICENSE = "customers/acme/licenses/0190f5fe-7c00-7a00-8000-000000000001";

/** An activation service that unlocks whatever it is asked to, with keys of its own. */
export class FakeActivation implements AsyncDisposable {
  refusal: Failure | undefined;
  /** Whose key the certificate is made out to, instead of the caller's. */
  publicKey: Uint8Array | undefined;
  product = "products/studio";
  bringsRoot = true;
  /** Further keys that the trust bundle vouches for. */
  readonly trusted: Omit<TrustedKey, "kid">[] = [];
  /** What comes back instead of a license file. */
  licenseFile: string | undefined;
  readonly requests: activation.UnlockRequest[] = [];
  /** The challenges that were asked for. */
  readonly challenges: Buffer[] = [];
  /** Whom proofs are to be for. */
  audience = AUDIENCE;
  /** When challenges are made, milliseconds since 1970. */
  now = () => Date.now();
  /** How many challenges are refused, as if somebody else had used them. */
  staleChallenges = 0;
  /** What is told of the license beyond its file. */
  told: Partial<activation.UnlockResponse> = {};
  /** The counter that unlocking tells. */
  unlockedAt = 0n;
  readonly refreshes: activation.RefreshInstallationRequest[] = [];
  /** The counter that the next refresh has to come with. */
  counter = 0n;
  /** Called with each refresh that counts, before it is answered; "lost": it is not. */
  beforeRefreshed: () => Promise<"lost" | void> = () => Promise.resolve();
  /** What a refresh is answered with as revocation list. */
  revocationList = "";
  readonly deactivations: activation.DeactivateInstallationRequest[] = [];
  readonly transfers: activation.TransferInstallationRequest[] = [];
  /** Whether the next answers of a transfer are lost. */
  transferIsLost = false;
  #installation: { readonly publicKey: Uint8Array } | undefined;
  #keys: Promise<{ readonly license: KeyPair; readonly install: KeyPair }> | undefined;
  readonly #replies = new Map<string, activation.RefreshInstallationResponse>();
  readonly root: KeyPair;
  readonly address: string;
  readonly #server: Server;

  private constructor(root: KeyPair, server: Server, address: string) {
    this.root = root;
    this.#server = server;
    this.address = address;
  }

  static async start(): Promise<FakeActivation> {
    const server = new Server();
    server.addService(grpcDefinition(activation.ActivationServiceDefinition), {
      CreateChallenge: (
        _call: ServerUnaryCall<object, activation.CreateChallengeResponse>,
        answer: sendUnaryData<activation.CreateChallengeResponse>,
      ) => answer(null, fake.#createChallenge()),
      Unlock: (
        call: ServerUnaryCall<activation.UnlockRequest, activation.UnlockResponse>,
        answer: sendUnaryData<activation.UnlockResponse>,
      ) => fake.#unlock(call.request, answer),
    });
    server.addService(grpcDefinition(activation.InstallationServiceDefinition), {
      RefreshInstallation: (
        call: ServerUnaryCall<
          activation.RefreshInstallationRequest,
          activation.RefreshInstallationResponse
        >,
        answer: sendUnaryData<activation.RefreshInstallationResponse>,
      ) => void fake.#refresh(call.request, answer),
      DeactivateInstallation: (
        call: ServerUnaryCall<
          activation.DeactivateInstallationRequest,
          activation.DeactivateInstallationResponse
        >,
        answer: sendUnaryData<activation.DeactivateInstallationResponse>,
      ) => {
        fake.deactivations.push(call.request);
        answer(fake.refusal ?? null, { installation: undefined });
      },
      TransferInstallation: (
        call: ServerUnaryCall<
          activation.TransferInstallationRequest,
          activation.TransferInstallationResponse
        >,
        answer: sendUnaryData<activation.TransferInstallationResponse>,
      ) => void fake.#transfer(call.request, answer),
    });
    const fake = new FakeActivation(await generateKeyPair(), server, await listenOn(server));
    return fake;
  }

  // oxlint-disable-next-line typescript/require-await -- the interface's
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }

  #createChallenge(): activation.CreateChallengeResponse {
    const challenge = randomBytes(57);
    this.challenges.push(challenge);
    const now = this.now();
    const [createTime, expireTime] = [new Date(now), new Date(now + 300_000)];
    return { challenge, createTime, expireTime, audience: this.audience };
  }

  #unlock(
    request: activation.UnlockRequest,
    answer: sendUnaryData<activation.UnlockResponse>,
  ): void {
    this.requests.push(request);
    if (this.refusal) return answer(this.refusal);
    if (this.staleChallenges > 0) {
      this.staleChallenges -= 1;
      return answer(failure(status.UNAUTHENTICATED, "CHALLENGE_REFUSED"));
    }
    this.#installation = request;
    const file = this.licenseFile === undefined ? this.#makeFile(request.publicKey) : undefined;
    void Promise.resolve(file).then((made) =>
      answer(null, {
        installation: activation.Installation.fromPartial({ refreshCounter: this.unlockedAt }),
        licenseFile: made ?? this.licenseFile ?? "",
        terms: undefined,
        summary: undefined,
        warnings: [],
        ...this.told,
      }),
    );
  }

  /** The keys that it signs with. */
  keys(): Promise<{ readonly license: KeyPair; readonly install: KeyPair }> {
    this.#keys ??= (async () => ({
      license: await generateKeyPair(),
      install: await generateKeyPair(),
    }))();
    return this.#keys;
  }

  /** Refreshes as the contract has it: once a request, and by the counter that was given last. */
  async #refresh(
    request: activation.RefreshInstallationRequest,
    answer: sendUnaryData<activation.RefreshInstallationResponse>,
  ): Promise<void> {
    this.refreshes.push(request);
    if (this.refusal) return answer(this.refusal);
    let reply = this.#replies.get(request.requestId);
    if (reply === undefined) {
      if (request.counter !== this.counter)
        return answer(failure(status.FAILED_PRECONDITION, "INSTALLATION_CONFLICT"));
      this.counter += 1n;
      const { publicKey } = this.#installation ?? { publicKey: Buffer.alloc(32) };
      const made = { counter: this.counter, revocationList: "", installation: undefined };
      reply = { ...made, licenseFile: this.licenseFile ?? (await this.#makeFile(publicKey)) };
      this.#replies.set(request.requestId, reply);
    }
    if ((await this.beforeRefreshed()) === "lost")
      return answer(failure(status.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE"));
    answer(null, { ...reply, revocationList: this.revocationList });
  }

  async #transfer(
    request: activation.TransferInstallationRequest,
    answer: sendUnaryData<activation.TransferInstallationResponse>,
  ): Promise<void> {
    this.transfers.push(request);
    if (this.refusal) return answer(this.refusal);
    const licenseFile = await this.#makeFile(request.publicKey);
    if (this.transferIsLost) return answer(failure(status.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE"));
    const ends = { installation: undefined, endedInstallation: undefined };
    answer(null, { ...ends, licenseFile, transfersLeft: 2 });
  }

  async #makeFile(publicKey: Uint8Array): Promise<string> {
    const now = Date.now();
    const { license: forLicenses, install: forInstallations } = await this.keys();
    const keys: Omit<TrustedKey, "kid">[] = [
      ...this.trusted,
      { purpose: "license", publicKey: forLicenses.publicKey },
      { purpose: "install", publicKey: forInstallations.publicKey },
    ];
    if (this.bringsRoot) keys.push({ purpose: "trust", publicKey: this.root.publicKey });
    const common = {
      deployment: "dev.leasehold.local",
      product: this.product,
      license: LICENSE,
      issuedAt: now,
      refreshBy: now + HOUR,
    };
    const trust = await signTrustBundle(signingKey("trust", this.root.privateKey), {
      deployment: common.deployment,
      version: 1,
      issuedAt: now,
      keys: keys.map((key) => ({ ...key, kid: thumbprint(key.publicKey) })),
    });
    const license = await signLicense(signingKey("license", forLicenses.privateKey), {
      ...common,
      id: "license-1",
      revision: 4,
      licensee: { name: "Ada Lovelace", organization: "Acme" },
      terms: {
        model: "FLOATING",
        seats: 3,
        features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 20 }],
        startTime: now - HOUR,
        endTime: now + 2 * HOUR,
      },
    });
    const install = await signInstallation(signingKey("install", forInstallations.privateKey), {
      ...common,
      id: "installation-1",
      installation: "installations/0190f5fe-7c00-7a00-8000-000000000002",
      publicKeyThumbprint: thumbprint(this.publicKey ?? publicKey),
    });
    return formatLicenseFile({ license, install, trust });
  }
}
