import type { Uuid } from "@leasehold/kernel";
import { evaluateMany, type RedisConnection } from "@leasehold/store-kit";
import type { SurveyedPool, SurveyPorts } from "../use-cases/survey-pools.ts";
import { seatScript } from "./lua-source.ts";
import { poolKeys } from "./pool-keys.ts";

const surveyPool = seatScript("survey_pool.lua");

/** Looks at pools in Redis, all of one node in one go. */
export function redisSurvey(redis: RedisConnection): SurveyPorts["pools"] {
  return {
    survey: async (licenses: readonly Uuid[]) => {
      if (licenses.length === 0) return [];
      const calls = licenses.map((license) => ({ keys: poolKeys(license), args: [] }));
      const outcomes = await evaluateMany(redis, surveyPool, calls);
      return outcomes.map((outcome) => {
        if (outcome.status === "rejected") throw outcome.reason;
        return surveyedPool(outcome.value);
      });
    },
  };
}

function surveyedPool(reply: unknown): SurveyedPool {
  if (!Array.isArray(reply)) throw new Error("a script answered something that is no list");
  if (reply.length === 0) return { kind: "unset" };
  const [live = 0, seats = 0, waiting = 0, learning = 0, reclaimLagMs = 0, backlog = 0] =
    reply.map(Number);
  return {
    kind: "set-up",
    live,
    seats,
    waiting,
    learning: learning === 1,
    reclaimLagMs,
    backlog,
  };
}
