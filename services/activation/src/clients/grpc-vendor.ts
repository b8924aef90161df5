import {
  type Installation,
  type InstallationCredentials,
  installationCredentials,
  openInstallation,
} from "@leasehold/client";
import { durationFromMs, seatBroker } from "@leasehold/contracts";
import { type Clock, isProblem, type RandomBytes } from "@leasehold/kernel";
import {
  type LicenseClaims,
  parseLicenseFile,
  verifyBorrow,
  verifyLicense,
} from "@leasehold/license-format";
import { type Channel, type Client, client } from "@leasehold/rpc-client";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { siteUnproven, siteNotUnlocked } from "../domain/site-problems.ts";
import type { SiteSeat } from "../domain/site-seat.ts";
import type { LentSeat, Vendor } from "../use-cases/site-ports.ts";
import { siteLicenseOf } from "./vendor-terms.ts";

/** Where the vendor is, and as whom it is spoken to. */
export interface VendorOptions {
  /** To the vendor's seat-brokers. */
  readonly channel: Channel;
  /** Of the site's installation. */
  readonly directory: string;
  /** The site's deployment, by which the vendor's administrators see it. */
  readonly deployment: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

type SeatBrokers = Client<typeof seatBroker.SeatBrokerServiceDefinition>;

/** What speaks as the site's installation, for as long as it is the one in the directory. */
interface Speaker {
  readonly installation: Installation;
  readonly certificate: LicenseClaims;
  readonly credentials: InstallationCredentials;
  readonly seatBrokers: SeatBrokers;
}

/** A token tells whole seconds, cut off. */
const TOKEN_PRECISION_MS = 1_000;

/** The vendor's seat-brokers, spoken to as the site's installation, which is read anew each time. */
export function grpcVendor(options: VendorOptions): Vendor {
  let known: Speaker | undefined;
  const speaker = async (): Promise<Speaker> => (known = await speakerOf(options, known));
  return {
    lend: async (seat, durationMs, signal) => {
      const by = await speaker();
      return byRightClock(by, () => lend(by, options, { seat, durationMs }, signal));
    },
    giveBack: async (lease, signal) => {
      const by = await speaker();
      const leaseId = Buffer.from(lease, "hex");
      await byRightClock(by, () => by.seatBrokers.releaseSeat({ leaseId }, { signal }));
    },
    watchLicense: async function* (signal) {
      const by = await speaker();
      const stream = by.seatBrokers.keepAlive({ signal });
      stream.send({ seq: 1n, heartbeats: [] });
      const dated = by.credentials.offset;
      try {
        for await (const { event } of stream) {
          const told = event?.event;
          if (told?.$case === "draining") return;
          if (told?.$case === "licenseChanged") yield siteLicenseOf(told.value, by.certificate);
        }
      } catch (thrown) {
        if (!by.credentials.correct(thrown, dated)) throw thrown;
      }
    },
  };
}

/** One seat, of nobody in particular: it is shared with no other holder, whatever the license's policy. */
async function lend(
  { installation, seatBrokers }: Speaker,
  { deployment }: VendorOptions,
  {
    seat,
    durationMs,
  }: { readonly seat: Pick<SiteSeat, "lease" | "features">; readonly durationMs: number },
  signal: AbortSignal,
): Promise<LentSeat | "overdraft"> {
  const leaseId = Buffer.from(seat.lease, "hex");
  const { lease } = await seatBrokers.acquireSeat(
    {
      leaseId,
      holder: { process: `site ${deployment}`.slice(0, 200) },
      claim: { seats: 1, features: [...seat.features] },
    },
    { signal },
  );
  if (!lease) throw new Error("the vendor answered without the lease");
  if (lease.overdraft) return "overdraft";
  const duration = durationFromMs(durationMs);
  const { borrow, endTime } = await seatBrokers.borrowSeat(
    { leaseId, token: lease.token, duration },
    { signal },
  );
  const now = (endTime?.getTime() ?? 0) - TOKEN_PRECISION_MS;
  const { trust, product, publicKeyThumbprint } = installation;
  const read = await verifyBorrow(borrow, trust, { product, publicKeyThumbprint, now });
  if (read.kind === "refused") throw siteUnproven(read.fault);
  const { claims } = read;
  if (claims.lease !== leaseId.toString("base64url") || claims.seats !== 1)
    throw siteUnproven("mismatched");
  return { borrow, lastsMs: claims.endTime - claims.issuedAt - TOKEN_PRECISION_MS };
}

/** Once more if the vendor says that the clock was wrong, and by how much. */
async function byRightClock<T>({ credentials }: Speaker, call: () => Promise<T>): Promise<T> {
  const dated = credentials.offset;
  try {
    return await call();
  } catch (thrown) {
    if (!isProblem(thrown) || !credentials.correct(thrown, dated)) throw thrown;
    return call();
  }
}

/** @returns the known one unless the directory holds another certificate by now */
async function speakerOf(options: VendorOptions, known: Speaker | undefined): Promise<Speaker> {
  const { channel, directory, clock, random } = options;
  const opened = await openInstallation(directory, { clock });
  if (opened.kind === "locked") throw siteNotUnlocked();
  if (opened.kind === "refused") throw siteUnproven(opened.fault);
  const { installation } = opened;
  if (known?.installation.certificate === installation.certificate) return known;
  const service = seatBroker.SeatBrokerServiceDefinition;
  const credentials = installationCredentials(installation, service.fullName, { clock, random });
  return {
    installation,
    certificate: await licenseCertificate(directory, installation, clock.now()),
    credentials,
    seatBrokers: client(service, channel, { metadata: () => credentials.metadata() }),
  };
}

/** Of a file that was just verified. */
async function licenseCertificate(
  directory: string,
  { trust }: Installation,
  now: number,
): Promise<LicenseClaims> {
  const file = parseLicenseFile(await readFile(join(directory, "license.lic"), "utf8"));
  if (file.kind === "refused") throw siteUnproven(file.fault);
  const read = await verifyLicense(file.license, trust, { now });
  if (read.kind === "refused") throw siteUnproven(read.fault);
  return read.claims;
}
