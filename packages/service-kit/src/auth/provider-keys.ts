import type { Clock } from "@leasehold/kernel";
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import { providerAway } from "./auth-problems.ts";
import { isSafeUrl } from "./identity-providers.ts";

/** How long keys are good without having been asked for again. */
const KEYS_FRESH_MS = 15 * 60_000;
/** How often keys are asked for at most because a token names one that is not there. */
const KEYS_PAUSE_MS = 30_000;
/** How long a provider that did not answer is left alone. */
const AWAY_PAUSE_MS = 5_000;
const ANSWER_LIMIT_MS = 3_000;

type KeySet = ReturnType<typeof createRemoteJWKSet>;
type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/**
 * The keys that a provider signs with. They are discovered with the first token, and kept; whoever
 * sends tokens with keys that do not exist makes nobody ask the provider more often.
 * The keys throw `DEPENDENCY_UNAVAILABLE` if they have to be asked for and the provider does not
 * answer; errors of jose mean that there is no such key.
 */
export function providerKeys(issuer: string, clock: Pick<Clock, "now">): JWTVerifyGetKey {
  const ask = sparingly(clock);
  let discovered: KeySet | undefined;
  let discovering: Promise<KeySet> | undefined;
  const discoverOnce = (): Promise<KeySet> => {
    discovering ??= discover(issuer, ask)
      .then((keys) => (discovered = keys))
      .finally(() => (discovering = undefined));
    return discovering;
  };
  return async (header, token) => {
    try {
      return await (discovered ?? (await discoverOnce()))(header, token);
    } catch (thrown) {
      if (isOfTheToken(thrown)) throw thrown;
      // The keys may have moved.
      if (discovered && !discovered.fresh) discovered = undefined;
      throw providerAway(thrown);
    }
  };
}

/** Whether the token, and not the provider, is at fault. */
function isOfTheToken(thrown: unknown): boolean {
  return (
    thrown instanceof errors.JWKSNoMatchingKey ||
    thrown instanceof errors.JWKSMultipleMatchingKeys ||
    thrown instanceof errors.JOSENotSupported
  );
}

/** Finds where the keys are, by OpenID Connect Discovery. */
async function discover(issuer: string, ask: Fetch): Promise<KeySet> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const answer = await ask(url, { redirect: "error", signal });
  const metadata = (await answer.json()) as Readonly<Record<string, unknown>> | null;
  if (metadata?.["issuer"] !== issuer)
    throw new Error(`${url} tells of another issuer than ${issuer}`);
  const { jwks_uri: keys } = metadata;
  if (typeof keys !== "string" || !URL.canParse(keys) || !isSafeUrl(new URL(keys)))
    throw new Error(`${url} does not tell where the keys are`);
  return createRemoteJWKSet(new URL(keys), {
    cacheMaxAge: KEYS_FRESH_MS,
    cooldownDuration: KEYS_PAUSE_MS,
    timeoutDuration: ANSWER_LIMIT_MS,
    [customFetch]: ask,
  });
}

/** Asks, unless the provider did not answer a moment ago. */
function sparingly(clock: Pick<Clock, "now">): Fetch {
  let awayUntil = 0;
  return async (url, options) => {
    if (clock.now() < awayUntil) throw new Error("the provider did not answer a moment ago");
    try {
      const answer = await fetch(url, options);
      if (answer.status !== 200) throw new Error(`${url} answers with ${answer.status}`);
      return answer;
    } catch (thrown) {
      awayUntil = clock.now() + AWAY_PAUSE_MS;
      throw thrown;
    }
  };
}
