import { issuer, type MethodDefinition } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { CallContext, Check, ServiceBinding, UnaryHandler } from "@leasehold/service-kit";
import type { Administrator } from "../domain/administrator.ts";
import { becomeFirstOwner, type BootstrapPorts } from "../use-cases/become-first-owner.ts";
import { type ChangeRole, grantRole, revokeRole } from "../use-cases/change-roles.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import { mutating } from "./mutating.ts";
import {
  readBecomeFirstOwner,
  readGrantRole,
  readListAdministrators,
  readRevokeRole,
} from "./parse-administrator.ts";
import { presentAdministrator } from "./present-administrator.ts";

const { methods } = issuer.AdministratorServiceDefinition;

/** Everything that the use-cases of the service work with. */
export interface AdministratorServicePorts extends BootstrapPorts {
  readonly pageTokens: PageTokens;
}

/** Who may do what for the vendor: from the wire to the use-cases and back. */
export function administratorService(ports: AdministratorServicePorts): ServiceBinding {
  return implement(issuer.AdministratorServiceDefinition, {
    becomeFirstOwner: mutating(
      methods.becomeFirstOwner,
      readBecomeFirstOwner,
      async (mutation, presented) => ({
        administrator: presentAdministrator(await becomeFirstOwner(ports, mutation, presented)),
      }),
    ),
    grantRole: changingRole(methods.grantRole, readGrantRole, (mutation, change) =>
      grantRole(ports, mutation, change),
    ),
    revokeRole: changingRole(methods.revokeRole, readRevokeRole, (mutation, change) =>
      revokeRole(ports, mutation, change),
    ),
    listAdministrators: async (request) => {
      const { query, nextPageToken } = parseRequest((check) =>
        readListAdministrators(check, request, ports.pageTokens),
      );
      const page = await ports.store.listAdministrators(query);
      const administrators = page.items.map(presentAdministrator);
      return { administrators, nextPageToken: nextPageToken(page) };
    },
  });
}

/** The handler of a method about a role, which depends on what the caller may do themselves. */
function changingRole<Request extends { readonly requestId: string }>(
  method: MethodDefinition<Request, { administrator: issuer.Administrator | undefined }>,
  read: (check: Check, request: Request, held: ReadonlySet<string>) => ChangeRole,
  carryOut: (mutation: Mutation, change: ChangeRole) => Promise<Administrator>,
): UnaryHandler<Request, { administrator: issuer.Administrator | undefined }> {
  return (request, call) =>
    mutating(
      method,
      (check, asked: Request) => read(check, asked, heldBy(call)),
      async (mutation, change: ChangeRole) => ({
        administrator: presentAdministrator(await carryOut(mutation, change)),
      }),
    )(request, call);
}

function heldBy({ principal }: CallContext): ReadonlySet<string> {
  return principal.kind === "administrator" ? principal.permissions : new Set();
}
