import type { Seat } from "../domain/holder.ts";
import { licenseOfName, type Pool } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { PoolStore, SeatPosition, SeatStore } from "./ports.ts";
import { readLicense } from "./read-license.ts";

/** A page of seats, those that expire first at the front, and the pool that they are of. */
export interface SeatPage {
  readonly pool: Pool;
  readonly live: number;
  readonly seats: readonly Seat[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: SeatPosition;
}

/**
 * Lists live seats. A seat that is renewed while pages are read moves to the back, and may
 * be met twice.
 * @throws Problem NOT_FOUND if there is no license of this name
 */
export async function listSeats(
  ports: { readonly seats: SeatStore; readonly pools: PoolStore },
  request: {
    readonly name: string;
    readonly pageSize: number;
    readonly after: SeatPosition | undefined;
  },
): Promise<SeatPage> {
  const license = licenseOfName(request.name);
  if (license === undefined) throw licenseNotFound();
  const pool = await readLicense(ports, license);
  if (pool.name !== request.name) throw licenseNotFound();
  const { live, seats } = await ports.seats.list(license, request.pageSize + 1, request.after);
  const page = seats.slice(0, request.pageSize);
  const last = page.at(-1);
  if (seats.length <= request.pageSize || !last) return { pool, live, seats: page };
  return { pool, live, seats: page, next: { expiry: last.expiry, member: last.member } };
}
