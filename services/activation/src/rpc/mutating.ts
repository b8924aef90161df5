import type { MethodDefinition } from "@leasehold/contracts";
import {
  type CallContext,
  type Check,
  parseRequest,
  principalId,
  requestBytes,
  type UnaryHandler,
} from "@leasehold/service-kit";
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

/** The handler of a method that changes something: reads the whole request before anything is done. */
export function mutating<Request extends Repeatable, Response, Command>(
  method: MethodDefinition<Request, Response>,
  read: (check: Check, request: Request, call: CallContext) => Command,
  carryOut: (mutation: Mutation, command: Command, signal: AbortSignal) => Promise<Response>,
): UnaryHandler<Request, Response> {
  return async (request, call) => {
    const { bytes, command, ...asked } = parseRequest((check) => ({
      requestId: check.uuid("request_id", request.requestId),
      why: check.text("why", request.why ?? "", WHY),
      bytes: requestBytes(check, method.requestType, inOrder(request)),
      command: read(check, request, call),
    }));
    const subject = principalId(call.principal);
    const body = Buffer.concat([Buffer.from(`${subject}\0`), bytes]);
    const mutation = {
      request: { requestId: asked.requestId, method: method.name, body },
      caller: callerOf(call.principal),
      subject,
      why: asked.why,
      validateOnly: request.validateOnly ?? false,
    };
    return carryOut(mutation, command, call.signal);
  };
}

/** A map has no order: a client that encodes the same request anew may write it in another one. */
function inOrder<Request extends Repeatable>(request: Request): Request {
  const { fingerprint } = request as { readonly fingerprint?: Fingerprint | undefined };
  if (fingerprint === undefined) return request;
  const components = Object.fromEntries(
    Object.entries(fingerprint.components).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { ...request, fingerprint: { ...fingerprint, components } };
}

interface Fingerprint {
  readonly components: Readonly<Record<string, unknown>>;
}
