import {
  DEADLINE_MS,
  type MethodDefinition,
  methodRule,
  REQUEST_BYTES,
  RequiredRole,
  type ServiceDefinition,
} from "@leasehold/contracts";
import type { CustomerRole, Principal } from "../auth/principal.ts";
import { ruleFault } from "./rule-fault.ts";
import { type CallClass, CLASS_OF, KIND_OF, ROLE_OF } from "./rule-words.ts";

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
  /** Services that may call, by name. */
  readonly services: ReadonlySet<string>;
  /** What an account must be at some customer; `undefined` if it need not be at any. */
  readonly customerRole: CustomerRole | undefined;
  readonly class: CallClass;
  /** Bytes of the largest request message. */
  readonly requestBytes: number;
  /** Milliseconds; `undefined` for a stream. */
  readonly deadlineMs: number | undefined;
  readonly shape: "unary" | "server-stream" | "duplex-stream";
}

/**
 * Reads the rule of a method.
 * @throws Error if the contract gives it none, or one that leaves something open: such a
 *   method must not be served.
 */
export function guardedMethod(service: ServiceDefinition, method: MethodDefinition): GuardedMethod {
  const rule = methodRule(method);
  const where = `${service.fullName}/${method.name}`;
  if (!rule) throw new Error(`${where} has no rule`);
  const shape = shapeOf(method, where);
  const fault = ruleFault(rule, shape !== "unary");
  const callClass = CLASS_OF[rule.rate];
  if (fault !== undefined || !callClass) throw new Error(`the rule of ${where} ${fault}`);
  const kinds = new Set(rule.principals.map((kind) => KIND_OF[kind]));
  return {
    service: service.fullName,
    name: method.name,
    path: `/${where}`,
    open: kinds.has("anyone"),
    kinds: kinds as ReadonlySet<Principal["kind"]>,
    aboutOneself: rule.customerRole === RequiredRole.NONE,
    permission: rule.permission,
    services: new Set(rule.services),
    customerRole: ROLE_OF[rule.customerRole],
    class: callClass,
    requestBytes: REQUEST_BYTES[rule.size],
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
