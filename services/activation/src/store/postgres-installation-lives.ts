import {
  first,
  listRows,
  one,
  type Postgres,
  recallReply,
  replyOnce,
  run,
  tentatively,
  type Transaction,
  transaction,
} from "@leasehold/store-kit";
import type { InstallationLives, RefusedRefresh } from "../use-cases/installation-ports.ts";
import { installationOf, machineOf } from "./installation-rows.ts";
import * as statements from "./installation-statements.ts";
import { installationWrites, type ReadTransferLimit } from "./postgres-installation-writes.ts";

const CONFLICT_ENTRY = { COUNTER: "CONFLICT", FINGERPRINT: "MISMATCH" } as const;

/** Installations over their lives, in Postgres. */
export function postgresInstallationLives(
  postgres: Postgres,
  transferLimit: ReadTransferLimit,
): InstallationLives {
  return {
    find: async (id) => {
      const row = await first(postgres, statements.findInstallation, [id]);
      return row && installationOf(row);
    },
    findMachine: async (id) => {
      const row = await first(postgres, statements.findMachine, [id]);
      return row && machineOf(row);
    },
    list: async ({ customer, license }, query) => {
      const { items, next } =
        license === undefined
          ? await listRows(postgres, statements.listCustomerInstallations, query, [customer])
          : await listRows(postgres, statements.listInstallations, query, [license]);
      return { items: items.map(installationOf), next };
    },
    recall: async <Result>({ request }: Parameters<InstallationLives["recall"]>[0]) => {
      const reply = await recallReply(postgres, request);
      return reply && (JSON.parse(reply.toString("utf8")) as Result);
    },
    once: async (mutation, work) => {
      const attempt = mutation.validateOnly ? tentatively : transaction;
      const { kind, reply } = await attempt(postgres, (tx) =>
        replyOnce(tx, mutation.request, async () =>
          Buffer.from(JSON.stringify(await work(installationWrites(tx, transferLimit)))),
        ),
      );
      const result = JSON.parse(reply.toString("utf8")) as Awaited<ReturnType<typeof work>>;
      if (mutation.validateOnly) return { kind: "validated", result };
      return { kind: kind === "repeated" ? "repeated" : "done", result };
    },
    flag: (refused, subject) => transaction(postgres, (tx) => flag(tx, refused, subject)),
    untoldRevocations: async (limit) => {
      const rows = await run(postgres, statements.findUntoldRevocations, [limit]);
      return rows.map(({ id }) => id);
    },
    noteRevocationTold: async (id) => {
      await run(postgres, statements.noteRevocationTold, [id]);
    },
  };
}

async function flag(tx: Transaction, refused: RefusedRefresh, subject: string): Promise<boolean> {
  const { installation, kind, time, host } = refused;
  const at = new Date(time);
  const { is_new: isNew } = await one(tx, statements.flagInstallation, [
    installation,
    kind,
    at,
    host,
  ]);
  if (!isNew) return false;
  const entry = CONFLICT_ENTRY[kind];
  const change = [installation, entry, "INSTALLATION", subject, "", at] as const;
  await run(tx, statements.appendInstallationChange, change);
  return true;
}
