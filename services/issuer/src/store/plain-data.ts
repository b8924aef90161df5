/** How a bigint stands in JSON; no plain data of ours has an object of this shape. */
interface TaggedBigint {
  readonly bigint: string;
}

/** Plain data, bigints included, as JSON. What is `undefined` is left out. */
export function encodePlainData(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint" ? ({ bigint: part.toString() } satisfies TaggedBigint) : part,
  );
}

/** What `encodePlainData` was given. Only a service's own data is read: the caller knows its type. */
export function decodePlainData(json: string): unknown {
  return JSON.parse(json, (_, part: unknown) =>
    isTaggedBigint(part) ? BigInt(part.bigint) : part,
  );
}

function isTaggedBigint(part: unknown): part is TaggedBigint {
  return (
    typeof part === "object" &&
    part !== null &&
    Object.keys(part).length === 1 &&
    "bigint" in part &&
    typeof part.bigint === "string"
  );
}
