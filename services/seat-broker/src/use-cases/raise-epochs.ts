import type { Uuid } from "@leasehold/kernel";

/** What finding out that the database was put back needs. */
export interface RaiseEpochsPorts {
  /** All licenses, in their order, behind this one; so many at a time as one likes, none at the end. */
  readonly licenses: (after: Uuid | undefined) => Promise<readonly Uuid[]>;
  /** The epoch of a pool in Redis; `undefined` if it is not set up. */
  readonly epochInRedis: (license: Uuid) => Promise<bigint | undefined>;
  /**
   * Moves the epoch in the database beyond one that it should know, if it does not: to what it knew;
   * `undefined` if it does.
   */
  readonly raise: (license: Uuid, taken: bigint) => Promise<bigint | undefined>;
  readonly report: (
    license: Uuid,
    epochs: { readonly known: bigint; readonly taken: bigint },
  ) => void;
}

/**
 * Looks once whether Redis has pools of epochs that the database never gave. It gives each before Redis has it,
 * so that it was put back from a backup then. Left alone, it would give them again at the next loss of data, and fencing
 * tokens would repeat. Ends early when the signal fires.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export async function raiseEpochs(ports: RaiseEpochsPorts, signal: AbortSignal): Promise<void> {
  let after: Uuid | undefined;
  do {
    const licenses = await ports.licenses(after);
    for (const license of licenses) {
      if (signal.aborted) return;
      await raiseOne(ports, license);
    }
    after = licenses.at(-1);
  } while (after !== undefined);
}

/** Redis is asked first: what it has by then, the database has given. */
async function raiseOne(
  { epochInRedis, raise, report }: RaiseEpochsPorts,
  license: Uuid,
): Promise<void> {
  const taken = await epochInRedis(license);
  if (taken === undefined) return;
  const known = await raise(license, taken);
  if (known !== undefined) report(license, { known, taken });
}
