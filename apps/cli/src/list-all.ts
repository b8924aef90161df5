import type { MethodPath } from "./command.ts";
import { type Json, type JsonObject, textOf } from "./json.ts";

/** The largest page there is. */
const PAGE = 500;

/** What a list gave. */
export interface Listed {
  readonly items: readonly Json[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
}

/** What is listed, page by page, up to so many. */
export async function listAll(
  call: (method: MethodPath, request: JsonObject) => Promise<JsonObject>,
  method: MethodPath,
  { request, field, limit }: { request: JsonObject; field: string; limit: number },
): Promise<Listed> {
  const items: Json[] = [];
  let pageToken = "";
  do {
    const pageSize = Math.min(PAGE, limit - items.length);
    const page = await call(method, { ...request, pageSize, pageToken });
    const found = page[field];
    if (Array.isArray(found)) items.push(...(found as readonly Json[]));
    pageToken = textOf(page["nextPageToken"]);
  } while (pageToken !== "" && items.length < limit);
  return { items, more: pageToken !== "" };
}
