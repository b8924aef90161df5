import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import { type Clock, type RandomBytes, systemClock, systemRandom } from "@leasehold/kernel";
import { type Config, type ConfigSchema, type Fields, variableName } from "../config/config.ts";
import { envExample } from "../config/env-example.ts";
import { ConfigFault } from "../config/load-config.ts";
import type { serviceFields } from "../config/standard-fields.ts";
import { createLog, type JsonLog } from "../log/create-log.ts";
import type { Log } from "../log/log.ts";
import { exportMetrics } from "../metrics/export-metrics.ts";
import { Metrics } from "../metrics/metrics.ts";
import { processMetrics } from "../metrics/process-metrics.ts";
import { startTelemetry } from "../telemetry/telemetry.ts";
import { settingsOfAddress, settingsToBlame } from "./blame.ts";
import { probe } from "./probe.ts";
import { type CheckConfig, configFaults, readConfig } from "./read-config.ts";
import { awaitShutdown, type Shutdown } from "./shutdown.ts";
import { why } from "./why.ts";

/** What the process gives a service. */
export interface Kit {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly shutdown: Shutdown;
  /** Told of to whoever reads the process' metrics. */
  readonly metrics: Metrics;
}

/** The fields that every service has, besides its own. */
export type ServiceFields = Fields & ReturnType<typeof serviceFields>;

/** A service as its `main.ts` declares it. */
export interface ServiceDeclaration<Declared extends ServiceFields> {
  /** For log and traces, for example `seat-broker`. */
  readonly name: string;
  readonly config: ConfigSchema<Declared>;
  /** Puts the service together and serves. What it returns is let go, in reverse order of making, when the process stops. */
  readonly compose: (config: Config<Declared>, kit: Kit) => Promise<AsyncDisposable>;
  /** Brings the database up to date, without serving; resolves to the names of what was applied. */
  readonly migrate?: (config: Config<Declared>) => Promise<readonly string[]>;
  /** What `--check-config` looks at besides. */
  readonly check?: CheckConfig<Declared>;
}

/** Exit code for a configuration that cannot be used (`EX_CONFIG`). */
const BAD_CONFIG = 78;
/** What is still open so long after everything was let go is a leak, in milliseconds. */
const LEAK_MS = 2_000;

/**
 * Runs a service until the process is told to stop. `--check-config` only reads the
 * settings and the files that they name, and tells all that is wrong; `--env-example` prints what
 * settings there are, `--probe` asks one that runs on this machine whether it serves, `--migrate`
 * only brings the database up to date.
 */
export async function runService<Declared extends ServiceFields>(
  service: ServiceDeclaration<Declared>,
  process: NodeJS.Process = globalThis.process,
): Promise<void> {
  if (process.argv.includes("--env-example")) {
    process.stdout.write(envExample(service.config));
    return;
  }
  if (process.argv.includes("--check-config")) return tellConfig(service, process);
  const config = configOf(service, process);
  if (!config) return;
  const { logLevel, healthListen } = config as Config<ReturnType<typeof serviceFields>>;
  if (process.argv.includes("--probe")) return tellProbe(healthListen, process);
  const log = createLog({ service: service.name, level: logLevel });
  setLogVerbosity(logVerbosity.NONE); // the transport's own lines quote headers, credentials among them
  process.exitCode = process.argv.includes("--migrate")
    ? await migrateOnly(service, config, log)
    : await live(service, config, log, process);
  await log.flush();
  setTimeout(() => {
    log.warn({ open: process.getActiveResourcesInfo() }, "left open");
    void log.flush().then(() => process.exit());
  }, LEAK_MS).unref();
}

function configOf<Declared extends ServiceFields>(
  { config }: ServiceDeclaration<Declared>,
  process: NodeJS.Process,
): Config<Declared> | undefined {
  try {
    return readConfig(config, process.env);
  } catch (thrown) {
    if (!(thrown instanceof ConfigFault)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = BAD_CONFIG;
    return undefined;
  }
}

async function tellConfig<Declared extends ServiceFields>(
  { config, check }: ServiceDeclaration<Declared>,
  process: NodeJS.Process,
): Promise<void> {
  const faults = await configFaults(config, process.env, check);
  if (faults.length === 0) {
    process.stdout.write("the configuration is usable\n");
    return;
  }
  process.stderr.write(`${new ConfigFault(faults).message}\n`);
  process.exitCode = BAD_CONFIG;
}

async function tellProbe(address: string | undefined, process: NodeJS.Process): Promise<void> {
  const fault =
    address === undefined ? "there is no listener for probes: HEALTH_LISTEN" : await probe(address);
  if (fault !== undefined) process.stderr.write(`${fault}\n`);
  process.exitCode = fault === undefined ? 0 : 1;
}

async function migrateOnly<Declared extends ServiceFields>(
  { migrate, config: schema }: ServiceDeclaration<Declared>,
  config: Config<Declared>,
  log: JsonLog,
): Promise<number> {
  try {
    const applied = await migrate?.(config);
    log.info({ applied }, "the database is up to date");
    return 0;
  } catch (err) {
    log.error(factsOf(err, schema, config), "the database could not be brought up to date");
    return 1;
  }
}

/** From composing to letting go. Resolves to the exit code. */
async function live<Declared extends ServiceFields>(
  { name, compose, config: schema }: ServiceDeclaration<Declared>,
  config: Config<Declared>,
  log: JsonLog,
  process: NodeJS.Process,
): Promise<number> {
  using shutdown = awaitShutdown(process, log);
  let code: number;
  try {
    const { otlpEndpoint, traceSample, metricsListen } = config as Config<
      ReturnType<typeof serviceFields>
    >;
    const metrics = new Metrics();
    using _process = processMetrics(metrics);
    await using _telemetry = startTelemetry({
      service: name,
      endpoint: otlpEndpoint,
      sample: traceSample,
    });
    const exported = { service: name, listen: metricsListen, endpoint: otlpEndpoint, log };
    await using _metrics = await exportMetrics(metrics, exported);
    await using _service = await compose(config, {
      log,
      clock: systemClock,
      random: systemRandom,
      shutdown,
      metrics,
    });
    code = await shutdown.requested;
  } catch (err) {
    // The last line, so that it is the one that whoever looks at a pod sees.
    log.error(factsOf(err, schema, config), "the service failed");
    return 1;
  }
  log.info({}, "stopped");
  return code;
}

/** Why something failed, and which settings decide about it. */
function factsOf(err: unknown, { prefix, fields }: ConfigSchema, config: Config<Fields>) {
  const names = settingsToBlame(err) ?? settingsOfAddress(err, config) ?? [];
  const settings = names.map((name) => variableName(prefix, name, fields[name] ?? { file: false }));
  return { why: why(err), ...(settings.length > 0 && { settings }), err };
}
