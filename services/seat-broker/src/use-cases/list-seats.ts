import type { Seat } from "../domain/seat.ts";
import type { PoolInForce } from "../domain/pool.ts";
import { matches, type SeatFilter } from "../domain/seat-filter.ts";
import type { PoolStanding, SeatPosition, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";
import { readNamedLicense } from "./read-license.ts";

/** A page of seats, those that expire first at the front, and the pool that they are of. */
export interface SeatPage {
  readonly pool: PoolInForce;
  readonly standing: PoolStanding;
  readonly seats: readonly Seat[];
  /** Where the next page begins; absent on the last one. */
  readonly next: SeatPosition | undefined;
}

/** A page is cut off after so many chunks of which little was wanted. */
const MOST_CHUNKS = 20;

/**
 * Lists live seats. A seat that is renewed while pages are read moves to the back, and may
 * be met twice. Leases that share a seat stand on one page.
 * @throws Problem NOT_FOUND if there is no license of this name
 */
export async function listSeats(
  ports: { readonly seats: SeatStore; readonly pools: PoolStore },
  request: {
    readonly name: string;
    readonly pageSize: number;
    readonly after: SeatPosition | undefined;
    readonly filter: SeatFilter;
  },
): Promise<SeatPage> {
  const pool = await readNamedLicense(ports, request.name);
  const { license } = pool;
  const standing = await ports.seats.readStanding(license);
  const found: Seat[] = [];
  let next = request.after;
  for (let chunks = 0; chunks < MOST_CHUNKS && found.length < request.pageSize; chunks += 1) {
    const chunk = await ports.seats.list(license, request.pageSize - found.length, next);
    found.push(...chunk.seats.filter((seat) => matches(request.filter, seat)));
    ({ next } = chunk);
    if (!next) break;
  }
  return { pool, standing, seats: found, next };
}
