/** What is looked at of a CycloneDX document. */
interface Bom {
  readonly bomFormat?: string;
  readonly metadata?: { readonly component?: { readonly name?: string } };
  readonly components?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly purl?: string;
    readonly licenses?: readonly unknown[];
  }[];
}

/**
 * What is missing in a bill of materials.
 * @param name of the service or app that it is of
 * @param dependencies that it must have among its components, without their scopes
 */
export function sbomFaults(
  bom: Bom,
  name: string,
  dependencies: readonly string[],
): readonly string[] {
  const components = bom.components ?? [];
  const named = new Set(components.map((component) => component.name));
  return [
    ...(bom.bomFormat === "CycloneDX" ? [] : ["it is not CycloneDX"]),
    ...(bom.metadata?.component?.name === name ? [] : [`it is not of ${name}`]),
    ...dependencies.filter((one) => !named.has(one)).map((one) => `${one} is missing`),
    ...components
      .filter(({ version, purl, licenses = [] }) => !version || !purl || licenses.length === 0)
      .map((one) => `${one.name} has no version, purl or license`),
  ];
}
