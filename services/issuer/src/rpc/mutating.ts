import type { MethodDefinition } from "@leasehold/contracts";
import { parseRequest, principalId, requestBytes } from "@leasehold/service-kit";
import type { CallContext, Check, ServerStreamHandler, UnaryHandler } from "@leasehold/service-kit";
import type { Caller } from "../domain/caller.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import { callerOf } from "./caller-of.ts";

/** A request that changes something; some tell why, and some can be tried without effect. */
interface Repeatable {
  readonly requestId: string;
  readonly why?: string;
  readonly validateOnly?: boolean;
}

/** Bounds of what tells why, in code points. */
const WHY = { max: 500 } as const;

/**
 * The handler of a method that changes something: reads the whole request, its id
 * included, before anything is done.
 */
export function mutating<Request extends Repeatable, Response, Command>(
  method: MethodDefinition<Request, Response>,
  read: (check: Check, request: Request, caller: Caller) => Command,
  carryOut: (mutation: Mutation, command: Command) => Promise<Response>,
): UnaryHandler<Request, Response> {
  return async (request, call) => {
    const { mutation, command } = readMutation(method, read, request, call);
    return carryOut(mutation, command);
  };
}

/** The same of a method that answers with a stream. */
export function mutatingStream<Request extends Repeatable, Response, Command>(
  method: MethodDefinition<Request, Response>,
  read: (check: Check, request: Request, caller: Caller) => Command,
  carryOut: (mutation: Mutation, command: Command) => AsyncIterable<Response>,
): ServerStreamHandler<Request, Response> {
  return (request, call) => {
    const { mutation, command } = readMutation(method, read, request, call);
    return carryOut(mutation, command);
  };
}

function readMutation<Request extends Repeatable, Command>(
  method: MethodDefinition<Request>,
  read: (check: Check, request: Request, caller: Caller) => Command,
  request: Request,
  call: CallContext,
): { readonly mutation: Mutation; readonly command: Command } {
  const caller = callerOf(call.principal);
  const { bytes, command, ...asked } = parseRequest((check) => ({
    requestId: check.uuid("request_id", request.requestId),
    why: check.text("why", request.why ?? "", WHY),
    bytes: requestBytes(check, method.requestType, request),
    command: read(check, request, caller),
  }));
  const mutation = {
    ...asked,
    method: method.name,
    body: Buffer.concat([bytes, sender(caller)]),
    subject: subjectOf(call),
    caller,
    validateOnly: request.validateOnly ?? false,
  };
  return { mutation, command };
}

/**
 * Which person sent a request, by how they signed in: that stays when they get an account. One
 * person's request id is of no use to another.
 */
function sender(caller: Caller): Uint8Array {
  if (caller.kind === "vendor") return Buffer.alloc(0);
  const known = caller.kind === "account" ? [caller.account] : [];
  const who = caller.person ? [caller.person.issuer, caller.person.subject] : known;
  return Buffer.from(`\0${JSON.stringify(who)}`);
}

/** Who is written into the history. */
function subjectOf({ principal }: Pick<CallContext, "principal">): string {
  return principal.kind === "administrator" ? principal.subject : principalId(principal);
}
