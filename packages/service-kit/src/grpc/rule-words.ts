import { PrincipalKind, RateClass, RequiredRole } from "@leasehold/contracts";
import type { CustomerRole, Principal } from "../auth/principal.ts";

/** What a method is for, in the order in which the classes are shed. */
export type CallClass = "PORTAL" | "UNLOCK" | "LEASE" | "RENEWAL" | "INTERNAL";

/** Whether calls of a class leave room for those who have something to lose, and for services. */
export function yields(callClass: CallClass): boolean {
  return callClass !== "RENEWAL" && callClass !== "INTERNAL";
}

/** The kind of principal that a rule names; `undefined` if it names none, or one of a newer contract. */
export const KIND_OF = {
  [PrincipalKind.UNSPECIFIED]: undefined,
  [PrincipalKind.ANYONE]: "anyone",
  [PrincipalKind.INSTALLATION]: "installation",
  [PrincipalKind.SERVICE]: "service",
  [PrincipalKind.ADMINISTRATOR]: "administrator",
  [PrincipalKind.ACCOUNT]: "account",
  [PrincipalKind.PERSON]: "person",
} as const satisfies Record<PrincipalKind, Principal["kind"] | undefined>;

export const CLASS_OF = {
  [RateClass.UNSPECIFIED]: undefined,
  [RateClass.PORTAL]: "PORTAL",
  [RateClass.UNLOCK]: "UNLOCK",
  [RateClass.LEASE]: "LEASE",
  [RateClass.RENEWAL]: "RENEWAL",
  [RateClass.INTERNAL]: "INTERNAL",
} as const satisfies Record<RateClass, CallClass | undefined>;

/** The role that an account needs somewhere. */
export const ROLE_OF = {
  [RequiredRole.UNSPECIFIED]: undefined,
  [RequiredRole.NONE]: undefined,
  [RequiredRole.USER]: "USER",
  [RequiredRole.ADMINISTRATOR]: "ADMINISTRATOR",
} as const satisfies Record<RequiredRole, CustomerRole | undefined>;
