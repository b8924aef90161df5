import {
  activation,
  LicenseState,
  type SeatPolicy as ToldPolicy,
  SharingPolicy,
} from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";
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
        yield { feedRevision: at, step: { $case: "entitlement", value: entitlement(pool) } };
      }
      yield { feedRevision: position, step: undefined };
      if (position >= this.#head) await changed.promise;
      this.#wakes.delete(changed.resolve);
    }
  }
}

export async function fakeActivation(): Promise<FakeActivation> {
  const pairs = [generateKeyPair(), generateKeyPair(), generateKeyPair()] as const;
  const [root, install, lease] = await Promise.all(pairs);
  return new FakeActivation(
    signingKey("trust", root.privateKey),
    signingKey("install", install.privateKey),
    { ...signingKey("lease", lease.privateKey), privateKey: lease.privateKey },
  );
}

function entitlement({ name, boundTo, revision, state, terms }: Pool): activation.Entitlement {
  return {
    license: boundTo ?? name,
    resource: boundTo === undefined ? "" : name,
    revision,
    state: LicenseState[state],
    product: "products/flow",
    terms: { ...presentTerms(terms), seatPolicy: wholePolicy(terms.policy) },
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
