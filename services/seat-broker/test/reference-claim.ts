// What a claim takes of what there is, told once more in plain code.

/** Sub-pools by their names: `f:` and a feature, `g:` and a group. The pool itself is "". */
export type PoolName = string;

export interface ReferenceClaim {
  readonly seats: number;
  /** With whom the seat is shared; empty: with nobody. */
  readonly share: string;
  /** The group whose kept seats it may have: `g:…`; empty: none. */
  readonly group: PoolName;
  /** `f:…` */
  readonly features: readonly PoolName[];
  readonly priority: number;
}

/** What those who come next would find. */
export interface Room {
  seats: number;
  readonly features: Map<PoolName, number>;
  readonly kept: Map<PoolName, number>;
}

export const ONE_SEAT: ReferenceClaim = {
  seats: 1,
  share: "",
  group: "",
  features: [],
  priority: 0,
};

export function unitsOf(id: string, { seats, share }: ReferenceClaim): readonly string[] {
  if (share !== "") return [`@${share}`];
  return Array.from({ length: seats }, (_, i) => `${id}#${i + 1}`);
}

export function poolsOf({ group, features }: ReferenceClaim): readonly PoolName[] {
  return group === "" ? features : [group, ...features];
}

/** How many seats there are for members of a group, or for anybody. */
export function seatsFor(room: Room, group: PoolName): number {
  const others = [...room.kept].filter(([name]) => name !== group);
  return Math.max(
    0,
    others.reduce((seats, [, kept]) => seats - kept, room.seats),
  );
}

/** Takes from the room what somebody wants, as far as it is there. */
export function setAside(room: Room, { seats, group, features }: ReferenceClaim): void {
  const free = features.map((feature) => room.features.get(feature) ?? Infinity);
  const had = Math.min(seats, ...free, seatsFor(room, group));
  for (const feature of features) {
    const left = room.features.get(feature);
    if (left !== undefined) room.features.set(feature, Math.max(0, left - seats));
  }
  room.seats -= had;
  const kept = room.kept.get(group);
  if (kept !== undefined) room.kept.set(group, Math.max(0, kept - had));
}
