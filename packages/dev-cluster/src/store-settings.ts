import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { passwordsApart } from "@leasehold/testkit";

/**
 * What a service is told of its stores: URLs, and passwords in files of the cluster's folder.
 * @param service in whose name the files are
 */
export async function storeSettings(
  folder: string,
  service: string,
  urls: { readonly databaseUrl: string; readonly redisUrl?: string | undefined },
): Promise<Readonly<Record<string, string | undefined>>> {
  const write = async (name: string, secret: string | undefined) => {
    if (secret === undefined) return undefined;
    const path = join(folder, `${service}-${name}`);
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    return path;
  };
  const database = passwordsApart(urls.databaseUrl);
  const settings = {
    DATABASE_URL: database.url,
    DATABASE_PASSWORD_FILE: await write("database-password", database.password),
  };
  if (urls.redisUrl === undefined) return settings;
  const redis = passwordsApart(urls.redisUrl);
  return {
    ...settings,
    REDIS_URL: redis.url,
    REDIS_PASSWORD_FILE: await write("redis-password", redis.password),
    REDIS_SENTINEL_PASSWORD_FILE: await write("redis-sentinel-password", redis.sentinelPassword),
  };
}
