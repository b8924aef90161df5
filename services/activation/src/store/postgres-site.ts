import { MAX_REVOKED, type RevokedInstallation } from "@leasehold/license-format";
import { type Executor, first, one, run } from "@leasehold/store-kit";
import type { SiteSeat } from "../domain/site-seat.ts";
import type { SiteKeyStore, SiteStore } from "../use-cases/site-ports.ts";
import { siteLicenseJson, siteLicenseOf } from "./site-license-json.ts";
import * as statements from "./site-statements.ts";

/** What a site remembers, in Postgres. */
export function postgresSite(executor: Executor): SiteStore {
  return {
    enter: async (process) => {
      const row = await one(executor, statements.enterSite, [process]);
      return {
        license: row.license === null ? undefined : siteLicenseOf(row.license),
        seenTime: row.seen_time.getTime(),
        vendorContactTime: row.vendor_contact_time?.getTime(),
      };
    },
    keepLicense: async (license, contactTime) => {
      const json = siteLicenseJson(license);
      await one(executor, statements.keepSiteLicense, [json, time(contactTime)]);
    },
    noteTime: async (now, process) =>
      (await first(executor, statements.noteSiteTime, [time(now), process])) !== undefined,
    noteContact: async (now) => void (await one(executor, statements.noteSiteContact, [time(now)])),
    seats: async () => (await run(executor, statements.listSiteSeats, [])).map(seatOf),
    ask: async ({ lease, features }, now) => {
      await one(executor, statements.askSiteSeat, [bytes(lease), features, time(now)]);
    },
    hold: async (lease, { borrow, endTime, extendTime }) => {
      const held = [bytes(lease), borrow, time(endTime), time(extendTime)] as const;
      await first(executor, statements.holdSiteSeat, held);
    },
    forget: async (lease) => {
      await first(executor, statements.forgetSiteSeat, [bytes(lease)]);
    },
  };
}

/** The site's keys in Postgres. */
export function postgresSiteKeys(executor: Executor): SiteKeyStore {
  return {
    list: async () =>
      (await run(executor, statements.listSiteKeys, [])).map((row) => ({
        purpose: row.purpose,
        kid: row.kid,
        publicKey: new Uint8Array(row.public_key),
        sealedPrivateKey: row.sealed_private_key,
      })),
    insert: async ({ purpose, kid, publicKey, sealedPrivateKey }) => {
      const key = [purpose, kid, publicKey, sealedPrivateKey] as const;
      await first(executor, statements.insertSiteKey, key);
    },
    seal: async ({ purpose, kid, sealedPrivateKey }) => {
      await first(executor, statements.sealSiteKey, [purpose, kid, sealedPrivateKey]);
    },
  };
}

/** Installations of the site's that are over, in Postgres: as many as a revocation list has room for. */
export async function postgresEnded(executor: Executor): Promise<readonly RevokedInstallation[]> {
  const rows = await run(executor, statements.listEndedInstallations, [MAX_REVOKED]);
  return rows.map(({ id, state_time }) => ({ id, revokedAt: state_time.getTime() }));
}

function seatOf({ lease, features, end_time, extend_time }: statements.SiteSeatRow): SiteSeat {
  const asked = { lease: Buffer.from(lease).toString("hex"), features };
  if (end_time === null || extend_time === null) return asked;
  return { ...asked, held: { endTime: end_time.getTime(), extendTime: extend_time.getTime() } };
}

/** Cut off, so that no seat lasts longer for it. */
function time(ms: number): Date {
  return new Date(Math.floor(ms));
}

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
