import { isUuid, parseName, type Uuid } from "@leasehold/kernel";
import { type CallContext, type Principal, principalId } from "@leasehold/service-kit";
import { type LeaseIdReader, leaseIdReader } from "../domain/lease-id.ts";
import { licenseOfName } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";

/** The installation that calls, by its certificate, and the license whose seats it may lease. */
export interface Caller {
  readonly installation: Uuid;
  readonly license: Uuid;
  readonly readLeaseId: LeaseIdReader;
  /** As the certificate names them. */
  readonly licenseName: string;
  readonly product: string;
  readonly publicKeyThumbprint: string;
}

/** The authenticator gives the same principal for the same credentials, call after call. */
const known = new WeakMap<Principal, Caller>();

/** @throws Problem NOT_FOUND if no license of the broker's can have the name in the certificate */
export function callerOf({ principal }: CallContext): Caller {
  const remembered = known.get(principal);
  if (remembered) return remembered;
  if (principal.kind !== "installation") throw new Error("the method is for installations");
  const installation = parseName("installations/{id}", principal.installation)?.id;
  const license = licenseOfName(principal.license);
  if (installation === undefined || !isUuid(installation) || license === undefined)
    throw licenseNotFound();
  const { license: licenseName, product, publicKeyThumbprint } = principal;
  const named = { licenseName, product, publicKeyThumbprint };
  const caller = { installation, license, readLeaseId: leaseIdReader(license), ...named };
  known.set(principal, caller);
  return caller;
}

/** Who calls, as it is kept of what administrators do. */
export function subjectOf({ principal }: Pick<CallContext, "principal">): string {
  return principal.kind === "administrator" ? principal.subject : principalId(principal);
}
