import type { MethodDefinition } from "@leasehold/contracts";
import {
  type Check,
  parseRequest,
  principalId,
  requestBytes,
  type UnaryHandler,
} from "@leasehold/service-kit";
import { customerNotFound, resourceNotFound } from "../domain/resource-problems.ts";
import type { ResourceChange, ResourceStore, ResourceWrites } from "../use-cases/resource-ports.ts";
import { customerScope } from "./customer-scope.ts";

/** What changing needs. */
export interface ChangePorts {
  readonly resources: Pick<ResourceStore, "once">;
  readonly report: (change: ResourceChange) => void;
}

/** A request that changes something; some can be tried without effect. */
interface Repeatable {
  readonly requestId: string;
  readonly validateOnly?: boolean;
}

/** What a call is about, a customer or a resource: whose that is decides whether it may. */
type Aim = { readonly customer: string } | { readonly resource: { readonly customer: string } };

/** Makes the handler of a method: its request is read as a whole, allowed, then carried out once. */
export type ChangeHandler = <Request extends Repeatable, Response, Command extends Aim>(
  method: MethodDefinition<Request, Response>,
  read: (check: Check, request: Request) => Command,
  carryOut: (writes: ResourceWrites, command: Command) => Promise<Response>,
) => UnaryHandler<Request, Response>;

/** Handlers of the methods that change resources. */
export function changing({ resources, report }: ChangePorts): ChangeHandler {
  return (method, read, carryOut) =>
    async (request, { principal }) => {
      const { requestId, body, command } = parseRequest((check) => ({
        requestId: check.uuid("request_id", request.requestId),
        body: requestBytes(check, method.requestType, request),
        command: read(check, request),
      }));
      const [customer, absent] =
        "resource" in command
          ? [command.resource.customer, resourceNotFound]
          : [command.customer, customerNotFound];
      customerScope(principal).change(customer, absent);
      const { validateOnly = false } = request;
      const mutation = { requestId, method: method.name, body, validateOnly };
      const { kind, reply } = await resources.once(mutation, async (writes) =>
        method.responseType.encode(await carryOut(writes, command)).finish(),
      );
      if (kind === "carried-out" && !validateOnly)
        report({ method: method.name, subject: principalId(principal), customer });
      return method.responseType.decode(reply);
    };
}
