import {
  DEADLINE_MS,
  DeadlineClass,
  type MethodDefinition,
  methodRule,
  PrincipalKind,
  RequiredRole,
  type ServiceDefinition,
} from "@leasehold/contracts";
import type { Principal } from "../auth/principal.ts";

/** What the guard knows of a method. */
export interface GuardedMethod {
  /** With its package. */
  readonly service: string;
  readonly name: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Anyone may call: credentials are not looked at. */
  readonly open: boolean;
  readonly kinds: ReadonlySet<Principal["kind"]>;
  /** Whether the method is about the account itself that calls. */
  readonly aboutOneself: boolean;
  /** Empty where the kind alone suffices. */
  readonly permission: string;
  /** Milliseconds; `undefined` for a stream. */
  readonly deadlineMs: number | undefined;
  readonly shape: "unary" | "server-stream" | "duplex-stream";
}

const KIND = {
  [PrincipalKind.ANYONE]: "anyone",
  [PrincipalKind.INSTALLATION]: "installation",
  [PrincipalKind.SERVICE]: "service",
  [PrincipalKind.ADMINISTRATOR]: "administrator",
  [PrincipalKind.ACCOUNT]: "account",
  [PrincipalKind.PERSON]: "person",
} as const satisfies Record<Exclude<PrincipalKind, 0>, Principal["kind"]>;

/**
 * Reads the rule of a method.
 * @throws Error if the contract gives it none, or one without principals or deadline: such
 *   a method must not be served.
 */
export function guardedMethod(service: ServiceDefinition, method: MethodDefinition): GuardedMethod {
  const rule = methodRule(method);
  const where = `${service.fullName}/${method.name}`;
  if (!rule) throw new Error(`${where} has no rule`);
  const kinds = new Set(
    rule.principals.map((kind) => (kind === PrincipalKind.UNSPECIFIED ? undefined : KIND[kind])),
  );
  if (kinds.size === 0 || kinds.has(undefined))
    throw new Error(`the rule of ${where} does not name its principals`);
  const shape = shapeOf(method, where);
  if (
    rule.deadline === DeadlineClass.UNSPECIFIED ||
    (rule.deadline === DeadlineClass.STREAM) !== (shape !== "unary")
  )
    throw new Error(`the rule of ${where} does not name its deadline`);
  return {
    service: service.fullName,
    name: method.name,
    path: `/${where}`,
    open: kinds.has("anyone"),
    kinds: kinds as ReadonlySet<Principal["kind"]>,
    aboutOneself: rule.customerRole === RequiredRole.NONE,
    permission: rule.permission,
    deadlineMs: DEADLINE_MS[rule.deadline],
    shape,
  };
}

function shapeOf(method: MethodDefinition, where: string): GuardedMethod["shape"] {
  if (!method.requestStream) return method.responseStream ? "server-stream" : "unary";
  if (!method.responseStream)
    throw new Error(`${where} streams requests only, which is not served`);
  return "duplex-stream";
}
