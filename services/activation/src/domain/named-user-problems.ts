import { Problem } from "@leasehold/kernel";

/** There is no such license, or none that the caller may know of. */
export function licenseNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such license" });
}

/** The license does not name this user. */
export function namedUserNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "the license does not name this user" });
}

/** The license is of a model that names no users, and will always be. */
export function notOfNamedUsers(): Problem {
  const description = "must be a license of the model NAMED_USER";
  return new Problem("INVALID_REQUEST", {
    message: "the license names no users",
    violations: [{ field: "parent", description }],
  });
}

/** Every place of the license has a user. */
export function noPlaceLeft(places: number): Problem {
  return new Problem("LIMIT_REACHED", {
    message: "the license names as many users as it may",
    metadata: { limit: String(places) },
  });
}

/** The names of the license's users are too long, all together. */
export function namesTooLong(bytes: number): Problem {
  return new Problem("LIMIT_REACHED", {
    message: "the names of the license's users are too long together",
    metadata: { limit: String(bytes), unit: "bytes" },
  });
}

/** The license is revoked: nobody can use it any more. */
export function licenseRevoked(): Problem {
  return new Problem("LICENSE_REVOKED", { message: "the license is revoked" });
}

/** Whoever acts for the customer as a user may look, and change nothing. */
export function mayOnlyLook(): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: "only an administrator of the customer may do this",
  });
}
