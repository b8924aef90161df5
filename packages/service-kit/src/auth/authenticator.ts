import type { Principal } from "./principal.ts";

/** What a call brings along that may tell who calls. */
export interface Credentials {
  /** The value of a header; `undefined` if it is absent, or stands more than once. */
  readonly header: (name: string) => string | undefined;
  /** Over what the call came; absent where that is not known. */
  readonly arrival?: Arrival | undefined;
}

/** Over what a call came. */
export interface Arrival {
  /** Where everybody is let in, services only, or whoever asks for health. */
  readonly listener: "public" | "internal" | "probes";
  /** The service that the certificate of the connection is for; `undefined` without one. */
  readonly service: string | undefined;
}

/**
 * Tells who calls. `undefined` where the call carries no credentials of this
 * authenticator's kind; a `Problem` is thrown over credentials that do not count.
 */
export type Authenticator = (
  credentials: Credentials,
) => Principal | undefined | Promise<Principal | undefined>;

/** The first of several authenticators that finds credentials of its kind decides. */
export function firstOf(...authenticators: readonly Authenticator[]): Authenticator {
  return (credentials) => tryFrom(authenticators, 0, credentials);
}

function tryFrom(
  authenticators: readonly Authenticator[],
  index: number,
  credentials: Credentials,
): ReturnType<Authenticator> {
  const authenticator = authenticators[index];
  if (!authenticator) return undefined;
  const found = authenticator(credentials);
  if (found instanceof Promise)
    return found.then((principal) => principal ?? tryFrom(authenticators, index + 1, credentials));
  return found ?? tryFrom(authenticators, index + 1, credentials);
}
