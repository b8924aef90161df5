import type { Kit, ServiceBinding } from "@leasehold/service-kit";
import { pageTokens } from "@leasehold/list-query";
import type { Postgres } from "@leasehold/store-kit";
import { resourceLimitOf } from "./clients/resource-limit-of.ts";
import { countService } from "./rpc/count-service.ts";
import { resourceService } from "./rpc/resource-service.ts";
import { postgresCounts } from "./store/postgres-counts.ts";
import { postgresResources } from "./store/postgres-resources.ts";
import type { ResourceChange } from "./use-cases/resource-ports.ts";

/**
 * What keeps resources and their counts.
 * @param secret the same in every replica: a page may be asked of another one than the page before
 */
export function resourceBindings(
  postgres: Postgres,
  secret: Uint8Array,
  kit: Pick<Kit, "clock" | "random"> & { readonly report: (change: ResourceChange) => void },
): readonly ServiceBinding[] {
  const resources = postgresResources(postgres);
  const tokens = pageTokens(secret);
  return [
    resourceService({ ...kit, resources, resourceLimitOf, pageTokens: tokens }),
    countService({ counts: postgresCounts(postgres), resources, clock: kit.clock }),
  ];
}
