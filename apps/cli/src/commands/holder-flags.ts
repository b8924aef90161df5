import type { Flag } from "../command.ts";
import { nameIn, time } from "../flag-values.ts";

/** Who and where: fields of a filter that are called alike. */
export function personFlags(path: string): readonly Flag[] {
  return [
    { spelling: "--user <user>", path: `${path}.user`, help: "of this user" },
    { spelling: "--host <host>", path: `${path}.host`, help: "on this host" },
  ];
}

/** Who, where and for what. */
export function holderFlags(path: string): readonly Flag[] {
  return [
    ...personFlags(path),
    {
      spelling: "--installation <installation>",
      path: `${path}.installation`,
      read: nameIn("installations"),
      help: "of this installation",
    },
    { spelling: "--feature <code>", path: `${path}.feature`, help: "that use this feature" },
  ];
}

/** A span of time, its end exclusive. */
export function spanFlags(
  path: (field: "startTime" | "endTime") => string,
  { required = false } = {},
): readonly Flag[] {
  return [
    { spelling: "--from <time>", path: path("startTime"), read: time, required, help: "from when" },
    {
      spelling: "--until <time>",
      path: path("endTime"),
      read: time,
      required,
      help: "until when; exclusive",
    },
  ];
}
