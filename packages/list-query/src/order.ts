/** One term of an order. */
export interface OrderTerm<Name extends string = string> {
  readonly field: Name;
  readonly isDescending: boolean;
}

/** The order as text, one for all ways to write it. */
export function printOrder(order: readonly OrderTerm[]): string {
  return order.map(({ field, isDescending }) => (isDescending ? `${field} desc` : field)).join(",");
}

const TERM = /^\s*([A-Za-z_][A-Za-z0-9_.]*)(\s+desc)?\s*$/;

/**
 * Reads a comma-separated list of fields, each of which may be followed by ` desc`.
 * @returns `undefined` if a term is not of the form, not orderable, or there twice
 */
export function parseOrder<Name extends string>(
  text: string,
  orderable: readonly Name[],
): readonly OrderTerm<Name>[] | undefined {
  // As many as could be right are looked at.
  const terms = text.split(",", orderable.length + 1).map((part) => readTerm(part, orderable));
  const order = terms.filter((term) => term !== undefined);
  const distinct = new Set(order.map(({ field }) => field));
  return distinct.size === terms.length ? order : undefined;
}

function readTerm<Name extends string>(
  part: string,
  orderable: readonly Name[],
): OrderTerm<Name> | undefined {
  const [, name, desc] = TERM.exec(part) ?? [];
  const field = orderable.find((known) => known === name);
  return field === undefined ? undefined : { field, isDescending: desc !== undefined };
}
