import type { Seat, SeatState } from "./seat.ts";

/** Which seats are wanted: those that match all that is given. */
export interface SeatFilter {
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly installation: string | undefined;
  readonly feature: string | undefined;
  readonly state: SeatState | undefined;
}

export function matches(
  { user, host, installation, feature, state }: SeatFilter,
  seat: Seat,
): boolean {
  const { holder, claim } = seat;
  return (
    (user === undefined || holder.user === user) &&
    (host === undefined || holder.host === host) &&
    (installation === undefined || holder.installation === installation) &&
    (feature === undefined || claim.features.includes(feature)) &&
    (state === undefined || seat.state === state)
  );
}
