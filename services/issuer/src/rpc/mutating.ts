import type { MethodDefinition } from "@leasehold/contracts";
import { parseRequest, principalId } from "@leasehold/service-kit";
import type { CallContext, Check, UnaryHandler } from "@leasehold/service-kit";
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
    return carryOut(mutation, command);
  };
}

/** Who is written into the history. */
function subjectOf({ principal }: Pick<CallContext, "principal">): string {
  return principal.kind === "administrator" ? principal.subject : principalId(principal);
}
