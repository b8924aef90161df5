import type { PageTokens } from "@leasehold/list-query";
import type { Kit, ServiceBinding } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import { namedUserService } from "./rpc/named-user-service.ts";
import { postgresNamedUsers } from "./store/postgres-named-users.ts";
import type { NamingEvent } from "./use-cases/named-user-ports.ts";

/** Naming users: the methods, on the database. */
export function composeNamedUsers(
  postgres: Postgres,
  { clock, random }: Pick<Kit, "clock" | "random">,
  parts: {
    readonly pageTokens: PageTokens;
    readonly report: (event: NamingEvent) => void;
  },
): ServiceBinding {
  return namedUserService({ store: postgresNamedUsers(postgres), clock, random, ...parts });
}
