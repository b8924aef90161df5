import { issuer, LicenseState } from "@leasehold/contracts";
import { Problem, systemClock } from "@leasehold/kernel";
import {
  generateKeyPair,
  parseProductKey,
  type SigningKey,
  signingKey,
  signRevocationList,
  signTrustBundle,
} from "@leasehold/license-format";
import {
  ANYONE,
  implement,
  type Log,
  serve,
  type Server,
  type ServiceBinding,
} from "@leasehold/service-kit";
import { issuedProduct } from "./issued.ts";
import { signCertificates } from "./sign-certificates.ts";

/** What the service under test presents to the issuer. */
export const SERVICE_TOKEN = "activation-secret";

const DAY_MS = 86_400_000;

/** An issuer in memory, behind its real contract. Its state outlives its server. */
export class FakeIssuer {
  readonly deployment: string;
  /** Public root key. */
  readonly rootKey: Uint8Array;
  /** The methods called so far. */
  readonly calls: string[] = [];
  /** What the next calls of a method come to, instead of an answer. */
  readonly failures = new Map<string, Problem>();
  /** What products tell whoever works under their licenses, by their names. */
  readonly productFacts = new Map<string, issuer.ProductFacts>();
  /** Called before the answer of a method leaves. */
  beforeAnswer: (method: string) => Promise<void> = () => Promise.resolve();
  trustVersion = 1;
  /** Milliseconds since 1970. */
  now: () => number = () => systemClock.now();
  /** For how long certificates are good, in milliseconds. */
  certificateLifeMs = DAY_MS;
  /** The product of every license. */
  product = issuedProduct();
  /** What was to be told to whoever is refused, of each key that was judged. */
  readonly references: string[] = [];
  /** The installations of which certificates were revoked, each as often as that was asked. */
  readonly revoked: string[] = [];
  readonly #root: SigningKey;
  #signers: { readonly license: SigningKey; readonly install: SigningKey };
  /** Signed before, and believed still. */
  #former: readonly SigningKey[] = [];
  readonly #licenses = new Map<string, { license: issuer.License; feedRevision: bigint }>();
  readonly #keys = new Map<string, string>();
  readonly #wakes = new Set<() => void>();
  #head = 0n;

  constructor(deployment: string, root: SigningKey, signers: FakeIssuer["signers"]) {
    this.deployment = deployment;
    this.rootKey = root.publicKey;
    this.#root = root;
    this.#signers = signers;
  }

  get signers(): { readonly license: SigningKey; readonly install: SigningKey } {
    return this.#signers;
  }

  /** Signs with other keys from now on; those of two rotations are believed besides. */
  async rotate(): Promise<void> {
    const [license, install] = await Promise.all([generateKeyPair(), generateKeyPair()]);
    this.#former = [...Object.values(this.#signers), ...this.#former].slice(0, 4);
    this.#signers = {
      license: signingKey("license", license.privateKey),
      install: signingKey("install", install.privateKey),
    };
    this.trustVersion += 1;
  }

  /** Commits a license as it is now, and the key that unlocks it. */
  put(license: issuer.License, productKeyData?: string): void {
    this.#head += 1n;
    this.#licenses.set(license.name, { license, feedRevision: this.#head });
    if (productKeyData !== undefined) this.#keys.set(productKeyData, license.name);
    for (const wake of this.#wakes) wake();
  }

  /** What a customer's licenses are told with: revision 1 and no limit, unless told otherwise. */
  readonly customers = new Map<string, issuer.LicensedCustomer>();

  customer(license: string): issuer.LicensedCustomer {
    const name = license.replace(/\/licenses\/.*/, "");
    return this.customers.get(name) ?? { name, revision: 1n, limits: { resources: undefined } };
  }

  /** Where the feed stands. */
  get head(): bigint {
    return this.#head;
  }

  /** A license as it was committed last. */
  license(name: string): issuer.License {
    const known = this.#licenses.get(name);
    if (known === undefined) throw new Error(`there is no ${name}`);
    return known.license;
  }

  /** The calls of a method so far. */
  count(method: string): number {
    return this.calls.filter((called) => called === method).length;
  }

  trustBundle(): Promise<string> {
    return signTrustBundle(this.#root, {
      deployment: this.deployment,
      version: this.trustVersion,
      keys: [...Object.values(this.#signers), ...this.#former].map(
        ({ kid, purpose, publicKey }) => ({
          kid,
          purpose,
          publicKey,
        }),
      ),
      issuedAt: this.now(),
    });
  }

  serve(address: string, log: Log): Promise<Server> {
    const notServed = () => Promise.reject(new Error("the fake issuer does not serve this"));
    const binding = implement(issuer.IssuerServiceDefinition, {
      createCustomer: notServed,
      getCustomer: notServed,
      createProduct: notServed,
      getProduct: notServed,
      issueLicense: notServed,
      getLicense: notServed,
      amendLicense: notServed,
      suspendLicense: notServed,
      resumeLicense: notServed,
      revokeLicense: notServed,
      createProductKey: notServed,
      verifyProductKey: (request) =>
        this.#answer("verifyProductKey", async () => {
          this.references.push(request.supportReference);
          return { license: this.#verify(request), product: this.product };
        }),
      issueCertificates: (request) =>
        this.#answer("issueCertificates", () => this.#certify(request)),
      getTrustBundle: () =>
        this.#answer("getTrustBundle", async () => ({ trustBundle: await this.trustBundle() })),
      watchLicenses: ({ afterFeedRevision }, call) => this.#watch(afterFeedRevision, call.signal),
    });
    return serve({
      address,
      bindings: [binding, this.#signing()],
      log,
      authenticate: (credentials) =>
        credentials.header("authorization") === `Bearer ${SERVICE_TOKEN}`
          ? { kind: "service", service: "activation", permissions: new Set(["*"]) }
          : ANYONE,
      drain: { goodbyeMs: 0, limitMs: 100 },
    });
  }

  #signing(): ServiceBinding {
    const notServed = () => Promise.reject(new Error("the fake issuer does not serve this"));
    return implement(issuer.SigningServiceDefinition, {
      listSigningKeys: notServed,
      rotateSigningKey: notServed,
      revokeSigningKey: notServed,
      getJsonWebKeySet: notServed,
      revokeCertificate: ({ installation }) =>
        this.#answer("revokeCertificate", async () => {
          this.revoked.push(installation);
          return { revocationList: await this.revocationList() };
        }),
      getRevocationList: () =>
        this.#answer("getRevocationList", async () => ({
          revocationList: await this.revocationList(),
        })),
    });
  }

  revocationList(): Promise<string> {
    const now = this.now();
    const installations = [...new Set(this.revoked)].map((name) => ({
      id: name.slice(name.lastIndexOf("/") + 1),
      revokedAt: now,
    }));
    return signRevocationList(this.#signers.license, {
      deployment: this.deployment,
      version: installations.length,
      licenses: [],
      installations,
      issuedAt: now,
    });
  }

  async #answer<T>(method: string, work: () => Promise<T>): Promise<T> {
    this.calls.push(method);
    const failure = this.failures.get(method);
    if (failure !== undefined) throw failure;
    const answer = await work();
    await this.beforeAnswer(method);
    return answer;
  }

  #verify({ productKey, licensee, product }: issuer.VerifyProductKeyRequest): issuer.License {
    const read = parseProductKey(productKey);
    if (read.kind === "retired")
      throw new Problem("KEY_GENERATION_RETIRED", {
        metadata: { advice: read.advice, contact: this.product.salesContact },
      });
    const name = read.kind === "valid" ? this.#keys.get(read.key.data) : undefined;
    const found = name === undefined ? undefined : this.#licenses.get(name)?.license;
    const known =
      found?.product === product &&
      found.state !== LicenseState.REVOKED &&
      found.licensee?.name === licensee?.name &&
      found.licensee?.organization === licensee?.organization;
    if (found === undefined || !known)
      throw new Problem("UNLOCK_REFUSED", { message: "these do not unlock a license" });
    return found;
  }

  async #certify(
    request: issuer.IssueCertificatesRequest,
  ): Promise<issuer.IssueCertificatesResponse> {
    const found = this.#licenses.get(request.license)?.license;
    const { deployment, certificateLifeMs: lifeMs } = this;
    const given = { deployment, now: this.now(), lifeMs };
    const signed = await signCertificates(this.#signers, found, request, given);
    return { ...signed, trustBundle: await this.trustBundle() };
  }

  async *#watch(after: bigint, signal: AbortSignal): AsyncGenerator<issuer.WatchLicensesResponse> {
    this.calls.push("watchLicenses");
    let position = after;
    while (!signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wakes.add(woken.resolve);
      signal.addEventListener("abort", () => woken.resolve(), { once: true });
      const changed = [...this.#licenses.values()]
        .filter(({ feedRevision }) => feedRevision > position)
        .toSorted((a, b) => Number(a.feedRevision - b.feedRevision));
      for (const { license, feedRevision } of changed) {
        position = feedRevision;
        const productFacts = this.productFacts.get(license.product);
        yield { feedRevision, license, productFacts, customer: this.customer(license.name) };
      }
      const nothing = { license: undefined, productFacts: undefined, customer: undefined };
      yield { feedRevision: this.#head, ...nothing };
      await woken.promise;
      this.#wakes.delete(woken.resolve);
    }
  }
}

/** A new issuer with keys of its own. */
export async function fakeIssuer(deployment: string): Promise<FakeIssuer> {
  const [root, license, install] = await Promise.all([
    generateKeyPair(),
    generateKeyPair(),
    generateKeyPair(),
  ]);
  return new FakeIssuer(deployment, signingKey("trust", root.privateKey), {
    license: signingKey("license", license.privateKey),
    install: signingKey("install", install.privateKey),
  });
}
