import type { Clock } from "@leasehold/kernel";
import { type TrustBundle, verifyInstallation, verifyProof } from "@leasehold/license-format";
import { clockSkew, credentialsRefused, trustUnknown } from "./auth-problems.ts";
import type { Authenticator } from "./authenticator.ts";
import type { Principal } from "./principal.ts";

/** What installations are verified against. */
export interface InstallationAuthenticatorOptions {
  /** The newest trust bundle; `undefined` while none is known. */
  readonly trust: () => TrustBundle | undefined;
  /** The deployment, for example `dev.leasehold.local`. */
  readonly deployment: string;
  /** Full name of the service that verifies, or of each one that the server has: the proof must be for it. */
  readonly service: string | readonly string[];
  readonly clock: Pick<Clock, "now">;
  /** How many verified pairs are remembered; 10,000 if absent. */
  readonly remembered?: number;
}

/** Longest header that is looked at, in characters. */
const LONGEST_TOKEN = 8_192;

interface Verified {
  readonly principal: Principal;
  /** When certificate or proof ends, whichever is first. */
  readonly until: number;
}

/** What became of a pair. The exact certificate counts, in no other spelling, under one trust bundle. */
interface Remembered<Outcome> {
  readonly certificate: string;
  readonly trust: TrustBundle;
  readonly outcome: Outcome;
}

/**
 * Knows installations by their certificate (`lh-installation`) and a proof of their key
 * (`lh-proof`). A verified pair is remembered as long as both hold and the trust bundle
 * stays, so that further calls with it cost no signature.
 */
export function installationAuthenticator(
  options: InstallationAuthenticatorOptions,
): Authenticator {
  const pairs = new PairMemory(options.remembered ?? 10_000);
  return ({ header }) => {
    const certificate = header("lh-installation");
    const proof = header("lh-proof");
    if (certificate === undefined && proof === undefined) return undefined;
    if (certificate === undefined || proof === undefined) throw credentialsRefused();
    if (certificate.length > LONGEST_TOKEN || proof.length > LONGEST_TOKEN)
      throw credentialsRefused();
    const trust = options.trust();
    if (!trust) throw trustUnknown();
    const known = pairs.find(proof, certificate, trust);
    if (known instanceof Promise) return known.then(({ principal }) => principal);
    if (known && options.clock.now() < known.until) return known.principal;
    return pairs.keep(proof, certificate, trust, verifyPair(certificate, proof, trust, options));
  };
}

async function verifyPair(
  certificate: string,
  proof: string,
  trust: TrustBundle,
  { deployment, service, clock }: InstallationAuthenticatorOptions,
): Promise<Verified> {
  const now = clock.now();
  const who = await verifyInstallation(certificate, trust, { now });
  if (who.kind === "refused" || who.claims.deployment !== deployment) throw credentialsRefused();
  const { installation, license, product, publicKeyThumbprint, refreshBy } = who.claims;
  const audiences = [service].flat().map((name) => `${deployment}/${name}`);
  const proven = await verifyProof(proof, publicKeyThumbprint, audiences, now);
  if (proven.kind === "refused")
    throw proven.fault === "expired" || proven.fault === "not-yet"
      ? clockSkew(now)
      : credentialsRefused();
  if (proven.claims.installation !== installation) throw credentialsRefused();
  return {
    principal: { kind: "installation", installation, license, product, publicKeyThumbprint },
    until: Math.min(refreshBy, proven.claims.expiresAt),
  };
}

/** Pairs by proof: those being verified, and of those verified the newest. */
class PairMemory {
  /** Apart, and no more than calls are open: what is not verified yet pushes nobody out. */
  readonly #pending = new Map<string, Remembered<Promise<Verified>>>();
  readonly #verified = new Map<string, Remembered<Verified>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  find(
    proof: string,
    certificate: string,
    trust: TrustBundle,
  ): Verified | Promise<Verified> | undefined {
    return [this.#verified.get(proof), this.#pending.get(proof)].find(
      (pair) => pair?.certificate === certificate && pair.trust === trust,
    )?.outcome;
  }

  /** Calls that arrive with the pair while it is being verified share the work; only success is kept. */
  async keep(
    proof: string,
    certificate: string,
    trust: TrustBundle,
    work: Promise<Verified>,
  ): Promise<Principal> {
    const pending = { certificate, trust, outcome: work };
    this.#pending.set(proof, pending);
    try {
      const verified = await work;
      this.#put(proof, { certificate, trust, outcome: verified });
      return verified.principal;
    } finally {
      if (this.#pending.get(proof) === pending) this.#pending.delete(proof);
    }
  }

  #put(proof: string, pair: Remembered<Verified>): void {
    this.#verified.delete(proof);
    this.#verified.set(proof, pair);
    if (this.#verified.size <= this.#most) return;
    const [oldest] = this.#verified.keys();
    if (oldest !== undefined) this.#verified.delete(oldest);
  }
}
