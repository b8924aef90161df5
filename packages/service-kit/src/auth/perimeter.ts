import { credentialsRefused } from "./auth-problems.ts";
import type { Arrival, Authenticator } from "./authenticator.ts";
import type { Principal } from "./principal.ts";

/** What a service may do is a matter of each method's rule, which names it. */
const EVERY_PERMISSION: ReadonlySet<string> = new Set(["*"]);

/**
 * Knows services by the certificate of their connection; headers are not looked at then. Where there is
 * a listener for services, nothing else proves anybody to be one elsewhere.
 */
export function withinPerimeter(
  authenticate: Authenticator,
  { internal }: { readonly internal: boolean },
): Authenticator {
  const known = new Map<string, Principal>();
  const serviceOf = (service: string): Principal => {
    const principal = known.get(service) ?? {
      kind: "service",
      service,
      permissions: EVERY_PERMISSION,
    };
    known.set(service, principal); // few: each has a certificate of the cluster's authorities
    return principal;
  };
  return (credentials) => {
    const { arrival } = credentials;
    if (arrival?.service !== undefined) return serviceOf(arrival.service);
    const found = authenticate(credentials);
    if (!internal) return found;
    if (found instanceof Promise) return found.then((principal) => allowed(principal, arrival));
    return allowed(found, arrival);
  };
}

/** @throws Problem UNAUTHENTICATED for a service's bearer secret from the public */
function allowed(
  principal: Principal | undefined,
  arrival: Arrival | undefined,
): Principal | undefined {
  if (principal?.kind === "service" && arrival?.listener !== "internal") throw credentialsRefused();
  return principal;
}
