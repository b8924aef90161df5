import { systemRandom } from "@leasehold/kernel";
import { signBorrow, signingKey } from "@leasehold/license-format";
import { inBackground, pause } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import type { SeatBrokerConfig } from "./config.ts";
import type { Events } from "./events.ts";
import { postgresBorrows } from "./store/postgres-borrows.ts";
import type { LendingSeatStore } from "./use-cases/borrow-ports.ts";
import type { SignBorrow } from "./use-cases/borrow-seat.ts";
import { keepBorrows } from "./use-cases/keep-borrows.ts";
import type { TrustKeeper } from "./use-cases/trust-keeper.ts";

/** What borrowing needs; what is remembered of it is looked after from now on. */
export function lendSeats(
  config: SeatBrokerConfig,
  parts: {
    readonly postgres: Postgres;
    readonly seats: LendingSeatStore;
    readonly trust: TrustKeeper;
    readonly report: Events;
    readonly stack: AsyncDisposableStack;
  },
) {
  const { postgres, seats, trust, report, stack } = parts;
  const borrows = postgresBorrows(postgres);
  inBackground(stack, (signal) => keepBorrows({ seats, borrows, pause, events: report }, signal));
  return {
    borrows,
    borrowSigner: borrowSigner(config, trust),
    deployment: config.deployment,
    random: systemRandom,
  };
}

/** Signs with the own key, as long as the trust bundle tells others to trust it. */
function borrowSigner(
  { leaseKey }: SeatBrokerConfig,
  trust: TrustKeeper,
): () => SignBorrow | undefined {
  if (!leaseKey) return () => undefined;
  const key = signingKey("lease", leaseKey);
  const isTrusted = () =>
    trust.current()?.keys.some(({ kid, purpose }) => kid === key.kid && purpose === "lease");
  return () => (isTrusted() ? (claims) => signBorrow(key, claims) : undefined);
}
