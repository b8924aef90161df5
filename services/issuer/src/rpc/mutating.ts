import type { MethodDefinition } from "@leasehold/contracts";
import { parseRequest, principalId } from "@leasehold/service-kit";
import type { CallContext, Check, ServerStreamHandler, UnaryHandler } from "@leasehold/service-kit";
import type { Mutation } from "../use-cases/mutation.ts";

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
  read: (check: Check, request: Request) => Command,
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
  read: (check: Check, request: Request) => Command,
  carryOut: (mutation: Mutation, command: Command) => AsyncIterable<Response>,
): ServerStreamHandler<Request, Response> {
  return (request, call) => {
    const { mutation, command } = readMutation(method, read, request, call);
    return carryOut(mutation, command);
  };
}

function readMutation<Request extends Repeatable, Command>(
  method: MethodDefinition<Request>,
  read: (check: Check, request: Request) => Command,
  request: Request,
  call: CallContext,
): { readonly mutation: Mutation; readonly command: Command } {
  const { command, ...asked } = parseRequest((check) => ({
    requestId: check.uuid("request_id", request.requestId),
    why: check.text("why", request.why ?? "", WHY),
    command: read(check, request),
  }));
  const mutation = {
    ...asked,
    method: method.name,
    body: method.requestType.encode(request).finish(),
    subject: subjectOf(call),
    validateOnly: request.validateOnly ?? false,
  };
  return { mutation, command };
}

/** Who is written into the history. */
function subjectOf({ principal }: Pick<CallContext, "principal">): string {
  return principal.kind === "administrator" ? principal.subject : principalId(principal);
}
