export {
  backingPostgres,
  type BackingPostgres,
  backingRedis,
  type BackingRedis,
  type GivenServer,
} from "./backing-servers.ts";
export { freePort } from "./free-port.ts";
export { type GuardedFolder, guardedFolder } from "./guarded-folder.ts";
export { type GuardedProcess, type ProcessOptions, startGuarded } from "./guarded-process.ts";
export { watchLaunchers } from "./launchers.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export {
  createDatabase,
  type Database,
  type DatabaseOwner,
  databaseUrl,
} from "./postgres-databases.ts";
export { type PasswordsApart, passwordsApart } from "./passwords-apart.ts";
export type { PostgresBackup } from "./postgres-backup.ts";
export { type PostgresServer, startPostgres } from "./postgres-server.ts";
export { claimLogicalDatabase, type LogicalDatabase } from "./redis-databases.ts";
export { type RedisCluster, type RedisClusterOptions, startRedisCluster } from "./redis-cluster.ts";
export type { RedisNode } from "./redis-node.ts";
export {
  type RedisSentinel,
  type RedisSentinelOptions,
  startRedisSentinel,
} from "./redis-sentinel.ts";
export { type RedisOptions, type RedisServer, startRedis } from "./redis-server.ts";
export { type ServerPlacing, sourceOf } from "./server-placing.ts";
export { testPostgres, testRedis, type TestStore } from "./test-stores.ts";
export { until } from "./until.ts";
