import type { Kit, ServiceBinding } from "@leasehold/service-kit";
import type { PageTokens } from "@leasehold/list-query";
import type { Postgres } from "@leasehold/store-kit";
import { resourceLimitOf } from "./clients/resource-limit-of.ts";
import { countService } from "./rpc/count-service.ts";
import { resourceService } from "./rpc/resource-service.ts";
import { postgresCounts } from "./store/postgres-counts.ts";
import { postgresResources } from "./store/postgres-resources.ts";
import type { ResourceChange } from "./use-cases/resource-ports.ts";

/** What keeps resources and their counts. */
export function resourceBindings(
  postgres: Postgres,
  kit: Pick<Kit, "clock" | "random"> & {
    readonly pageTokens: PageTokens;
    readonly report: (change: ResourceChange) => void;
  },
): readonly ServiceBinding[] {
  const resources = postgresResources(postgres);
  return [
    resourceService({ ...kit, resources, resourceLimitOf }),
    countService({ counts: postgresCounts(postgres), resources, clock: kit.clock }),
  ];
}
