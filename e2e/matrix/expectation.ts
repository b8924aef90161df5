import { type MethodRule, PrincipalKind, RequiredRole } from "@leasehold/contracts";
import type { ServerName } from "./contract-methods.ts";
import type { AccountStanding, MatrixCaller, Standing } from "./matrix-caller.ts";

/** What a rule says of a caller. */
export type Expectation =
  /** Gets past authorisation: whatever else becomes of the call. */
  | "past"
  /** Gets past, and what the call names is there. */
  | "found"
  /** Learns nothing: the same, byte for byte, as if it were not there. */
  | "absent"
  /** The server does not have it. */
  | "UNIMPLEMENTED"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED";

/** Of a rule, what decides who may call. */
export type CallersRule = Pick<
  MethodRule,
  "principals" | "permission" | "services" | "customerRole"
>;

/** What becomes of a call, whatever it is about. */
export function expectedOfCall(
  rule: CallersRule,
  { standing, knownAt }: Pick<MatrixCaller, "standing" | "knownAt">,
  server: ServerName,
): Expectation {
  if (rule.principals.includes(PrincipalKind.ANYONE)) return "past";
  if (standing.kind !== "service" && isForServices(rule)) return "PERMISSION_DENIED";
  if (standing.kind === "nobody" || !knownAt.includes(server)) return "UNAUTHENTICATED";
  return mayCall(rule, standing) ? "past" : "PERMISSION_DENIED";
}

/** Whether nobody is let in from the public, whoever they are. */
function isForServices({ principals }: CallersRule): boolean {
  return principals.every((kind) => kind === PrincipalKind.SERVICE);
}

function mayCall(rule: CallersRule, standing: Exclude<Standing, { kind: "nobody" }>): boolean {
  const names = (kind: PrincipalKind) => rule.principals.includes(kind);
  if (standing.kind === "installation") return names(PrincipalKind.INSTALLATION);
  if (standing.kind === "person") return names(PrincipalKind.PERSON);
  if (standing.kind === "service")
    return names(PrincipalKind.SERVICE) && rule.services.includes(standing.service);
  if (administers(rule, standing.permissions)) return true;
  return standing.kind === "account" && actsForCustomers(rule, standing);
}

/** Whether an account may call for customers at all, before it is known for which. */
function actsForCustomers(rule: CallersRule, standing: AccountStanding): boolean {
  if (!rule.principals.includes(PrincipalKind.ACCOUNT)) return false;
  return rule.customerRole !== RequiredRole.ADMINISTRATOR || standing.administers;
}

/** Whether permissions make somebody an administrator for a method. */
function administers(rule: CallersRule, permissions: ReadonlySet<string>): boolean {
  return (
    rule.principals.includes(PrincipalKind.ADMINISTRATOR) &&
    (permissions.has("*") || permissions.has(rule.permission))
  );
}

/** Whether a method is about what is a customer's, and for the customer's people. */
export function isAtCustomers({ principals, customerRole }: CallersRule): boolean {
  return principals.includes(PrincipalKind.ACCOUNT) && customerRole !== RequiredRole.NONE;
}

/**
 * What becomes of a call of an account about what is a customer's.
 * @param role what the account is at the customer; `undefined` if nothing
 */
export function expectedAtCustomer(
  rule: CallersRule,
  standing: AccountStanding,
  role: "ADMINISTRATOR" | "USER" | undefined,
): Expectation {
  if (administers(rule, standing.permissions)) return "found";
  if (!actsForCustomers(rule, standing)) return "PERMISSION_DENIED";
  if (role === undefined) return "absent";
  const enough = role === "ADMINISTRATOR" || rule.customerRole === RequiredRole.USER;
  return enough ? "found" : "PERMISSION_DENIED";
}
