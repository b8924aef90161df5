import { first, listRows, one, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { Administrator } from "../domain/administrator.ts";
import type { AdministratorReads, AdministratorWrites } from "../use-cases/administrator-ports.ts";
import * as statements from "./administrator-statements.ts";

export function administratorReads(executor: Executor): AdministratorReads {
  return {
    listAdministrators: async (query) => {
      const page = await listRows(executor, statements.listAdministrators, query, []);
      return { items: page.items.map(administratorFromRow), next: page.next };
    },
    countOwners: async () => (await one(executor, statements.countOwners, [])).owners,
    seeBootstrapToken: async (sha256, now) => {
      const row = await one(executor, statements.seeBootstrapToken, [sha256, new Date(now)]);
      return {
        firstSeenTime: row.first_seen_time.getTime(),
        latestTime: row.latest_time.getTime(),
      };
    },
  };
}

export function administratorWrites(tx: Executor): AdministratorWrites {
  return {
    ...administratorReads(tx),
    lockAdministrators: async () => {
      await run(tx, statements.lockAdministrators, []);
    },
    findAdministrator: async (account) => {
      const row = await first(tx, statements.findAdministrator, [account]);
      return row && administratorFromRow(row);
    },
    grantRole: async (account, { role, grantedBy, grantTime }) => {
      await run(tx, statements.grantRole, [account, role, grantedBy, new Date(grantTime)]);
    },
    revokeRole: async (account, role) =>
      (await first(tx, statements.revokeRole, [account, role])) !== undefined,
  };
}

function administratorFromRow(row: statements.AdministratorRow): Administrator {
  const { id, display_name: displayName, email, grants } = row;
  return { account: id, displayName, email, grants };
}
