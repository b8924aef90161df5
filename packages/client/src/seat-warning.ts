import { seatBroker } from "@leasehold/contracts";

/**
 * What whoever runs the application should see to; the seat is had all the same.
 * - `client-older`: the application is older than its server by more than the product tolerates:
 *   update the application
 * - `client-newer`: it is newer by more than that: update the server
 */
export interface SeatWarning {
  readonly kind: "client-older" | "client-newer";
  readonly clientVersion: string;
  readonly serverVersion: string;
}

const KINDS = {
  [seatBroker.LeaseWarningKind.UNSPECIFIED]: undefined,
  [seatBroker.LeaseWarningKind.CLIENT_OLDER]: "client-older",
  [seatBroker.LeaseWarningKind.CLIENT_NEWER]: "client-newer",
} as const satisfies Record<seatBroker.LeaseWarningKind, SeatWarning["kind"] | undefined>;

/** The warnings that came with a lease; those that this version does not know are left out. */
export function seatWarnings(told: readonly seatBroker.LeaseWarning[]): readonly SeatWarning[] {
  return told.flatMap(({ kind: toldKind, clientVersion, serverVersion }) => {
    const kind = KINDS[toldKind];
    return kind === undefined ? [] : [{ kind, clientVersion, serverVersion }];
  });
}
