/** The URL of a store, and the passwords that stood in it. */
export interface PasswordsApart {
  readonly url: string;
  readonly password?: string;
  readonly sentinelPassword?: string;
}

const PASSWORD = /^([a-z+]+:\/\/[^:@/]*):([^@/]*)@/;
const SENTINEL_PASSWORD = /([?&])sentinel-password=([^&]*)&?/;

/** Takes the passwords out of the URL of a Postgres or a Redis: services want them in files. */
export function passwordsApart(url: string): PasswordsApart {
  const password = PASSWORD.exec(url)?.[2];
  const sentinelPassword = SENTINEL_PASSWORD.exec(url)?.[2];
  return {
    url: url
      .replace(PASSWORD, "$1@")
      .replace("://@", "://")
      .replace(SENTINEL_PASSWORD, "$1")
      .replace(/[?&]$/, ""),
    ...(password && { password: decodeURIComponent(password) }),
    ...(sentinelPassword && { sentinelPassword: decodeURIComponent(sentinelPassword) }),
  };
}
