import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type GuardedProcess, startGuarded, until } from "@leasehold/testkit";
import type { AcquireOutcome, AgentCommand, AgentReport, AgentView } from "./agent-protocol.ts";

const PROGRAM = fileURLToPath(new URL("./main.ts", import.meta.url));
const START_LIMIT_MS = 30_000;
const ANSWER_LIMIT_MS = 15_000;

type Unnumbered = AgentCommand extends infer Command
  ? Command extends AgentCommand
    ? Omit<Command, "id">
    : never
  : never;

/** The versions of an agent, and of the product's server that it works with. */
export interface AgentVersions {
  readonly application?: string;
  readonly server?: string;
}

/** A client application as a process of its own. Disposal lets it release its seat and end. */
export class Agent implements AsyncDisposable {
  /** Everything that it told, in order. */
  readonly reports: AgentReport[] = [];
  readonly #process: GuardedProcess;
  readonly #control: Socket;
  #commands = 0;

  private constructor(started: GuardedProcess, control: Socket) {
    this.#process = started;
    this.#control = control;
    control.on("error", () => undefined); // a killed agent resets its connection
    createInterface({ input: control }).on("line", (line) =>
      this.reports.push(JSON.parse(line) as AgentReport),
    );
  }

  /**
   * Starts an agent on a directory that was unlocked.
   * @param environment tells how the seat-brokers are known
   */
  static async start(
    directory: string,
    seatBrokers: readonly string[],
    environment: Readonly<Record<string, string>>,
    versions: AgentVersions = {},
  ): Promise<Agent> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const connected = once(server, "connection") as Promise<[Socket]>;
    const started = await startGuarded({
      command: process.execPath,
      args: [
        "--conditions=source",
        PROGRAM,
        directory,
        seatBrokers.join(","),
        String(port),
        versions.application ?? "1.0",
        versions.server ?? "",
      ],
      env: environment,
      stopSignal: "SIGTERM",
    });
    const late = pause(START_LIMIT_MS, undefined, { ref: false });
    const [control] = (await Promise.race([connected, started.ended(), late])) ?? [];
    server.close();
    if (control === undefined) {
      await started[Symbol.asyncDispose]();
      throw new Error(`an agent does not start:\n${started.lines(20).join("\n")}`);
    }
    const agent = new Agent(started, control);
    await agent.told("ready");
    return agent;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** @param wait in the queue, where no seat is free */
  async acquire(user: string, { wait = false } = {}): Promise<AcquireOutcome> {
    const answer = await this.#command({ do: "acquire", user, wait });
    if (answer.tell !== "outcome") throw new Error(`an unexpected answer: ${answer.tell}`);
    return answer.outcome;
  }

  async release(): Promise<void> {
    await this.#command({ do: "release" });
  }

  /** What it knows at this moment. */
  async look(feature = ""): Promise<AgentView> {
    const answer = await this.#command({ do: "look", feature });
    if (answer.tell !== "view") throw new Error(`an unexpected answer: ${answer.tell}`);
    return answer.view;
  }

  /** Waits until it has told this since `from`, an index of `reports`. */
  told<Tell extends AgentReport["tell"]>(
    tell: Tell,
    from = 0,
  ): Promise<Extract<AgentReport, { readonly tell: Tell }>> {
    type Told = Extract<AgentReport, { readonly tell: Tell }>;
    return until(`an agent tells "${tell}"`, ANSWER_LIMIT_MS, () =>
      this.reports.slice(from).find((report): report is Told => report.tell === tell),
    );
  }

  /** Stops it as it stands, as when a machine is suspended. */
  pause(): void {
    this.#process.signal("SIGSTOP");
  }

  resume(): void {
    this.#process.signal("SIGCONT");
  }

  /** Ends it like a crash: it can say nothing to anybody. */
  async kill(): Promise<void> {
    this.#process.signal("SIGKILL");
    await this.#process.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    this.#control.end();
    const done = await Promise.race([
      this.#process.ended().then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 5_000).unref()),
    ]);
    if (!done) await this.#process[Symbol.asyncDispose]();
    this.#control.destroy();
  }

  #command(command: Unnumbered): Promise<AgentReport> {
    const id = ++this.#commands;
    this.#control.write(`${JSON.stringify({ ...command, id })}\n`);
    return until(`an agent answers "${command.do}"`, ANSWER_LIMIT_MS, () =>
      this.reports.find((report) => "id" in report && report.id === id),
    );
  }
}
