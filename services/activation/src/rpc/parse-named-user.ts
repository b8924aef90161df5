import type { activation } from "@leasehold/contracts";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import { type Check, parseRequest } from "@leasehold/service-kit";
import { NAMED_USERS_LIST, type NamedUserField } from "../domain/named-user-list.ts";
import type { PlaceCommand } from "../use-cases/named-user-ports.ts";

const USER = { min: 1, max: 200 } as const;
const LICENSE = "customers/{customer}/licenses/{license}";

type PlaceRequest = Pick<activation.AssignUserRequest, "requestId" | "parent" | "user">;

/**
 * Reads whose place is meant.
 * @throws Problem INVALID_REQUEST
 */
export function parsePlace<Request extends PlaceRequest>(
  request: Request,
  method: string,
  type: { encode(request: Request): { finish(): Uint8Array } },
): Omit<PlaceCommand, "caller"> {
  return parseRequest((check) => ({
    request: {
      requestId: check.uuid("request_id", request.requestId),
      method,
      body: type.encode(request).finish(),
    },
    license: readLicense(check, request.parent),
    user: check.text("user", request.user, USER),
  }));
}

/**
 * Reads which users are asked for.
 * @throws Problem INVALID_REQUEST
 */
export function parseListNamedUsers(
  request: activation.ListNamedUsersRequest,
  tokens: PageTokens,
): ListReading<NamedUserField> & { readonly license: string } {
  return parseRequest((check) => {
    const license = readLicense(check, request.parent);
    const call = { tokens, method: "ListNamedUsers", parent: request.parent };
    return { license, ...readList(check, NAMED_USERS_LIST, request, call) };
  });
}

function readLicense(check: Check, parent: string): string {
  check.name("parent", parent, LICENSE);
  return parent;
}
