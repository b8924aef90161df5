/** Facts of a log entry. Never a request, a response, a credential or a product key. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Where a service writes what happens to it: one line an entry. An error goes under `err`. */
export interface Log {
  debug(facts: LogFacts, message: string): void;
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  error(facts: LogFacts, message: string): void;
}
