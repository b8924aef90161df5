/** What of a descriptor set in JSON is looked at. */
interface MessageDescriptor {
  readonly name: string;
  readonly field?: readonly {
    readonly name: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }[];
  readonly nestedType?: readonly MessageDescriptor[];
}

interface DescriptorSet {
  readonly file: readonly {
    readonly package?: string;
    readonly messageType?: readonly MessageDescriptor[];
  }[];
}

const OPTION = "[leasehold.type.v1.sensitive]";

/** The source of the table of sensitive fields, from a descriptor set in JSON. */
export function sensitiveFieldsSource(set: unknown): string {
  const found = (set as DescriptorSet).file
    .flatMap(({ package: prefix = "", messageType = [] }) =>
      messageType.flatMap((message) => sensitiveIn(message, prefix)),
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `// Generated from the option \`sensitive\` of the contract by \`pnpm generate\`.

/** Every field that the contract calls sensitive, by its full name, and why. */
export const SENSITIVE_FIELDS = {
${found.map(([field, why]) => `  "${field}": "${why}",\n`).join("")}} as const satisfies Readonly<Record<string, "SECRET" | "PERSONAL">>;
`;
}

function sensitiveIn(
  { name, field = [], nestedType = [] }: MessageDescriptor,
  prefix: string,
): readonly (readonly [string, string])[] {
  const full = `${prefix}.${name}`;
  const own = field.flatMap(({ name: fieldName, options }) => {
    const why = options?.[OPTION];
    if (typeof why !== "string") return [];
    return [[`${full}.${fieldName}`, why.replace("SENSITIVITY_", "")] as const];
  });
  return [...own, ...nestedType.flatMap((nested) => sensitiveIn(nested, full))];
}
