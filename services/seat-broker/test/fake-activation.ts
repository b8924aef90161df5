import {
  activation,
  issuer,
  LicenseState,
  type SeatPolicy as ToldPolicy,
  SharingPolicy,
} from "@leasehold/contracts";
import { systemClock, type Uuid } from "@leasehold/kernel";
import {
  generateKeyPair,
  type SigningKey,
  signingKey,
  signTrustBundle,
} from "@leasehold/license-format";
import { ANYONE, implement, type Log, serve, type Server } from "@leasehold/service-kit";
import type { Pool } from "../src/domain/pool.ts";
import type { SeatPolicy } from "../src/domain/seat-policy.ts";
import { presentTerms } from "../src/rpc/present.ts";

export const DEPLOYMENT = "test.leasehold.local";
/** What the broker presents to activation. */
export const SERVICE_TOKEN = "seat-broker-secret";

/** An activation service in memory, behind its real contract, which only tells of entitlements. */
export class FakeActivation {
  readonly root: SigningKey;
  readonly installKey: SigningKey;
  /** What seat-brokers sign borrowed seats with. */
  readonly leaseKey: SigningKey & { readonly privateKey: Uint8Array };
  trustVersion = 1;
  /** The positions that watchers began after, in the order of their calls. */
  readonly watchedAfter: bigint[] = [];
  readonly #entitlements = new Map<string, { readonly at: bigint; readonly pool: Pool }>();
  /** By the license's name. */
  readonly #barred = new Map<string, { installations: readonly Uuid[]; revision: bigint }>();
  readonly #wakes = new Set<() => void>();
  #head = 0n;

  constructor(root: SigningKey, installKey: SigningKey, leaseKey: FakeActivation["leaseKey"]) {
    this.root = root;
    this.installKey = installKey;
    this.leaseKey = leaseKey;
  }

  /** Commits a license as it is now. */
  put(pool: Pool): void {
    this.#head += 1n;
    this.#entitlements.set(pool.name, { at: this.#head, pool });
    for (const wake of this.#wakes) wake();
  }

  /** Commits which installations of a license are barred. */
  bar(pool: Pool, installations: readonly Uuid[]): void {
    const revision = (this.#barred.get(pool.name)?.revision ?? 0n) + 1n;
    this.#barred.set(pool.name, { installations, revision });
    this.put(this.#entitlements.get(pool.name)?.pool ?? pool);
  }

  trustBundle(): Promise<string> {
    const keys = [this.installKey, this.leaseKey].map(({ kid, purpose, publicKey }) => ({
      kid,
      purpose,
      publicKey,
    }));
    return signTrustBundle(this.root, {
      deployment: DEPLOYMENT,
      version: this.trustVersion,
      keys,
      issuedAt: systemClock.now(),
    });
  }

  serve(address: string, log: Log): Promise<Server> {
    const notServed = () => Promise.reject(new Error("the fake does not serve this"));
    const binding = implement(activation.ActivationServiceDefinition, {
      createChallenge: notServed,
      unlock: notServed,
      getInstallation: notServed,
      watchEntitlements: ({ afterFeedRevision }, call) =>
        this.#watch(afterFeedRevision, call.signal),
    });
    return serve({
      address,
      bindings: [binding],
      log,
      authenticate: (credentials) =>
        credentials.header("authorization") === `Bearer ${SERVICE_TOKEN}`
          ? { kind: "service", service: "seat-broker", permissions: new Set(["*"]) }
          : ANYONE,
      drain: { goodbyeMs: 0, limitMs: 100 },
    });
  }

  #told(pool: Pool): activation.Entitlement {
    const { installations, revision } = this.#barred.get(pool.name) ?? NONE_BARRED;
    const barredInstallations = installations.map((id) => `installations/${id}`);
    return { ...entitlement(pool), barredInstallations, barredRevision: revision };
  }

  async *#watch(
    after: bigint,
    signal: AbortSignal,
  ): AsyncGenerator<activation.WatchEntitlementsResponse> {
    this.watchedAfter.push(after);
    let position = after;
    const value = await this.trustBundle();
    yield { feedRevision: position, step: { $case: "trustBundle", value } };
    while (!signal.aborted) {
      const changed = Promise.withResolvers<void>();
      this.#wakes.add(changed.resolve);
      signal.addEventListener("abort", () => changed.resolve());
      const news = [...this.#entitlements.values()].filter(({ at }) => at > position);
      for (const { at, pool } of news.toSorted((a, b) => Number(a.at - b.at))) {
        position = at;
        yield { feedRevision: at, step: { $case: "entitlement", value: this.#told(pool) } };
      }
      yield { feedRevision: position, step: undefined };
      if (position >= this.#head) await changed.promise;
      this.#wakes.delete(changed.resolve);
    }
  }
}

const NONE_BARRED = { installations: [], revision: 0n } as const;

export async function fakeActivation(): Promise<FakeActivation> {
  const pairs = [generateKeyPair(), generateKeyPair(), generateKeyPair()] as const;
  const [root, install, lease] = await Promise.all(pairs);
  return new FakeActivation(
    signingKey("trust", root.privateKey),
    signingKey("install", install.privateKey),
    { ...signingKey("lease", lease.privateKey), privateKey: lease.privateKey },
  );
}

function entitlement(pool: Pool): activation.Entitlement {
  const { name, boundTo, revision, productRevision, state, terms } = pool;
  const { supported, tolerance } = terms.versions;
  const versionPolicy = {
    supported: supported && { oldest: "", newest: "", ...supported },
    tolerance: issuer.VersionTolerance[tolerance],
  };
  return {
    license: boundTo ?? name,
    resource: boundTo === undefined ? "" : name,
    revision,
    state: LicenseState[state],
    product: "products/flow",
    terms: { ...presentTerms(terms), seatPolicy: wholePolicy(terms.policy) },
    namedUsers: [...(terms.naming?.users ?? [])],
    namedUsersRevision: terms.naming?.revision ?? 0n,
    barredInstallations: [],
    barredRevision: 0n,
    productFacts: { revision: productRevision, versionPolicy },
  };
}

/** Clients are not told whom it treats apart; seat-brokers are. */
function wholePolicy({ sharing, groups, ...policy }: SeatPolicy): ToldPolicy {
  return {
    ...policy,
    sharing: SharingPolicy[sharing],
    groups: groups.map(({ users, hosts, installations, ...group }) => ({
      ...group,
      users: [...users],
      hosts: [...hosts],
      installations: installations.map((id) => `installations/${id}`),
    })),
    includeGroups: [...policy.includeGroups],
    excludeGroups: [...policy.excludeGroups],
  };
}
