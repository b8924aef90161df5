/** Whom a license is made out to. */
export interface Licensee {
  readonly name: string;
  readonly organization: string;
}

/**
 * Whether two licensees are one by what people type: without regard to letter case,
 * spacing and width or style of the letters. Both fields are always compared.
 */
export function sameLicensee(left: Licensee, right: Licensee): boolean {
  const sameName = fold(left.name) === fold(right.name);
  const sameOrganization = fold(left.organization) === fold(right.organization);
  return sameName && sameOrganization;
}

/** Down, up and down again, so that `ß`, `ẞ` and `SS`, and the three sigmas, become one. */
function fold(text: string): string {
  const spaced = text.normalize("NFKD").replaceAll(/\s+/gu, " ").trim();
  return spaced.toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}
