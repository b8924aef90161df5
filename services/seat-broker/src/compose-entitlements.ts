import { inBackground, pause } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import { postgresAdministration } from "./store/postgres-administration.ts";
import {
  followEntitlements,
  type FollowEntitlementsPorts,
} from "./use-cases/follow-entitlements.ts";
import { unnamedSeats } from "./use-cases/look-for-unnamed.ts";
import type { RevokeSeatPorts } from "./use-cases/revoke-seat.ts";
import { takeBackUnnamed } from "./use-cases/take-back-unnamed.ts";

/** Keeps up with what licenses entitle to, and with whom they name. */
export function keepEntitlements(
  postgres: Postgres,
  ports: Omit<FollowEntitlementsPorts, "takeBackUnnamed" | "pause" | "chance"> &
    Omit<RevokeSeatPorts, "administration">,
  stack: AsyncDisposableStack,
): void {
  const takeBack = takeBackUnnamed({ ...ports, administration: postgresAdministration(postgres) });
  const unnamed = unnamedSeats({ ...ports, takeBack, pause });
  const following = { ...ports, takeBackUnnamed: unnamed.takeBack, pause, chance: Math.random };
  inBackground(stack, (signal) => followEntitlements(following, signal));
  inBackground(stack, (signal) => unnamed.lookAgain(signal));
}
