import type { MethodDefinition } from "@leasehold/contracts";
import { parseRequest, principalId } from "@leasehold/service-kit";
import type { CallContext, Check, UnaryHandler } from "@leasehold/service-kit";
import type { Mutation } from "../use-cases/ports.ts";

/** A request that changes something. */
interface Repeatable {
  readonly requestId: string;
}

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
    const { requestId, command } = parseRequest((check) => ({
      requestId: check.uuid("request_id", request.requestId),
      command: read(check, request),
    }));
    const body = method.requestType.encode(request).finish();
    return carryOut({ requestId, method: method.name, body, subject: subjectOf(call) }, command);
  };
}

/** Who is written into the history. */
function subjectOf({ principal }: Pick<CallContext, "principal">): string {
  return principal.kind === "administrator" ? principal.subject : principalId(principal);
}
