export type { Executor } from "./executor.ts";
export { openPostgres, type PoolStanding, Postgres, type PostgresOptions } from "./postgres.ts";
export { pingPostgres } from "./ping-postgres.ts";
export { type BrokenConstraint, constraintOf } from "./postgres-errors.ts";
export { first, one, run, type Statement, statement } from "./statement.ts";
export {
  type ListColumns,
  type ListStatement,
  listStatement,
  type NullableColumn,
} from "./list-statement.ts";
export { listRows } from "./list-rows.ts";
export { listPreparationFaults } from "./list-preparation-faults.ts";
export { tentatively, type Transaction, transaction } from "./transaction.ts";
export { migrate } from "./migrate.ts";
export { listen } from "./listen.ts";
export { type ChannelWatch, type ChannelWatches, channelWatches } from "./channel-watches.ts";
export {
  recallReply,
  type RepeatableRequest,
  replyOnce,
  type RequestReply,
} from "./request-replies.ts";
export { replyPruning } from "./reply-pruning.ts";
export { schemaText, tablesWithoutComment } from "./schema-text.ts";
export { type PreparationFault, preparationFaults } from "./preparation-faults.ts";
export { openRedis, pingRedis, type RedisConnection, type RedisOptions } from "./redis.ts";
export { holdsPassword, redisTarget } from "./redis-target.ts";
export type { ReplicationBounds } from "./redis-fitness.ts";
export {
  evaluate,
  evaluateAt,
  evaluateMany,
  type Script,
  type ScriptCall,
  scriptOf,
  script,
} from "./script.ts";
export type { ScriptValue } from "./script-value.ts";
export { inSpan } from "./spans.ts";
