import { isProblem, newUuid, Problem, systemClock, systemRandom } from "@leasehold/kernel";
import { openServer } from "../call-services.ts";
import { nameIn } from "../flag-values.ts";
import type { Json, JsonObject } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { readResourcesFile, type ResourceRow } from "../resources-file.ts";

/** What one call may carry: fewer than the contract's 1,000, and within its 256 KiB. */
const MOST_ROWS = 500;
const MOST_BYTES = 200 * 1024;

/**
 * Registers the resources of a file, some hundreds a call, each call all or none. May be repeated
 * whatever became of it: what is there already stays as it is.
 */
export const importResources: CarryOut = async ({ argument, given, server }) => {
  const parent = nameIn("customers")(String(given["customer"]));
  const rows = readResourcesFile(String(argument));
  await using activation = await openServer(server("activation"));
  const imported: JsonObject[] = [];
  for (const resources of portionsOf(rows)) {
    const before = imported.length;
    const request = { requestId: newUuid(systemClock, systemRandom), parent, resources };
    try {
      const answer = await activation.call("ResourceService.importResources", {
        ...request,
        resources: resources.map((row): JsonObject => ({ ...row })),
      });
      imported.push(...(answer["resources"] as readonly JsonObject[]));
    } catch (failure) {
      throw countedFrom(before, failure);
    }
  }
  const registered = imported.filter((one) => one["registered"] === true);
  return {
    registered: registered.length,
    known: imported.length - registered.length,
    resources: imported.map((one): Json => (one["resource"] as JsonObject)["name"] ?? ""),
  };
};

function portionsOf(rows: readonly ResourceRow[]): readonly (readonly ResourceRow[])[] {
  const portions: ResourceRow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const size = Buffer.byteLength(Object.values(row).join("")) + 16;
    const portion = portions.at(-1);
    if (portion === undefined || portion.length === MOST_ROWS || bytes + size > MOST_BYTES) {
      portions.push([row]);
      bytes = size;
    } else {
      portion.push(row);
      bytes += size;
    }
  }
  return portions;
}

/** Violations name a row by its place in the call; whoever reads them has the file. */
function countedFrom(before: number, failure: unknown): unknown {
  if (!isProblem(failure)) return failure;
  const { reason, message, metadata, cause } = failure;
  const violations = failure.violations.map(({ field, description }) => ({
    field: field.replace(/^resources\[(\d+)\]/, (_, index: string) => {
      return `resources[${before + Number(index)}]`;
    }),
    description,
  }));
  return new Problem(reason, { message, metadata, violations, cause });
}
