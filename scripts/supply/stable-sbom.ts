/** What of a CycloneDX document differs between two runs over the same packages. */
export interface UnstableBom {
  readonly serialNumber?: string;
  readonly metadata: object;
  readonly components: readonly { readonly "bom-ref": string }[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

/**
 * The same bill of materials whenever and wherever it is made: in order, of the time that is told, without a
 * number of its own, which the format does not ask for.
 * @param epoch seconds since 1970
 */
export function stableSbom(bom: UnstableBom, epoch: number): object {
  const { serialNumber: _, metadata, components, dependencies, ...rest } = bom;
  return {
    ...rest,
    metadata: { ...metadata, timestamp: new Date(epoch * 1_000).toISOString() },
    components: components.toSorted(by((one) => one["bom-ref"])),
    dependencies: dependencies
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.toSorted() }))
      .toSorted(by((one) => one.ref)),
  };
}

function by<Item>(key: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (key(a) < key(b) ? -1 : 1);
}
