export { type Agent, startAgent } from "./agent.ts";
export { competing, type Habits, STEADY } from "./habits.ts";
