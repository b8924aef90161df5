import type { Bar } from "../run/bar.ts";
import { acquireP99VsEcho } from "./acquire-p99-vs-echo.ts";
import { acquireVsEcho } from "./acquire-vs-echo.ts";
import { acquireVsEtcd } from "./acquire-vs-etcd.ts";
import { bytesPerSeat } from "./bytes-per-seat.ts";
import { bytesPerStream } from "./bytes-per-stream.ts";
import { cliHelp } from "./cli-help.ts";
import { httpPeer } from "./http-peer.ts";
import { keepAliveBulkVsEtcd } from "./keep-alive-bulk-vs-etcd.ts";
import { keepAliveVsEcho } from "./keep-alive-vs-echo.ts";
import { keepAliveVsEtcd } from "./keep-alive-vs-etcd.ts";
import { keepAliveVsUnary } from "./keep-alive-vs-unary.ts";
import { licenseChange } from "./license-change.ts";
import { million } from "./million.ts";
import { millionKilled } from "./million-killed.ts";
import { poolGrowth } from "./pool-growth.ts";
import { renewVsEcho } from "./renew-vs-echo.ts";
import { sdkImport } from "./sdk-import.ts";
import { serviceReady } from "./service-ready.ts";
import { telemetryKeeps } from "./telemetry-keeps.ts";
import { twoBrokers } from "./two-brokers.ts";

/** All bars, in the order in which they are run. */
export const BARS: readonly Bar[] = [
  serviceReady,
  sdkImport,
  cliHelp,
  acquireVsEcho,
  renewVsEcho,
  keepAliveVsEcho,
  keepAliveVsUnary,
  keepAliveVsEtcd,
  keepAliveBulkVsEtcd,
  acquireVsEtcd,
  telemetryKeeps,
  acquireP99VsEcho,
  twoBrokers,
  bytesPerSeat,
  bytesPerStream,
  poolGrowth,
  licenseChange,
  million,
  millionKilled,
  httpPeer,
];
