import type { Flag } from "../command.ts";
import { featureGrant, time } from "../flag-values.ts";

/** Flags for what licenses grant, with the terms at a path of the request. `--terms` says them whole. */
export function termsFlags(path: string): readonly Flag[] {
  return [
    { spelling: "--terms <file>", path, file: true, help: "all terms, from a YAML or JSON file" },
    { spelling: "--seats <number>", path: `${path}.seats`, help: "how many seats may be live" },
    {
      spelling: "--feature <code[=limit][@seats]>",
      path: `${path}.features`,
      repeated: true,
      read: featureGrant,
      help: "a feature that is unlocked, for example diagrams=200 (repeatable)",
    },
    {
      spelling: "--validity <duration>",
      path: `${path}.leaseTimes.validity`,
      help: "how long a holder may rely on its seat, for example 45s",
    },
    {
      spelling: "--grace <duration>",
      path: `${path}.leaseTimes.grace`,
      help: "how much longer the server keeps the seat, for example 10s",
    },
    {
      spelling: "--sharing <policy>",
      path: `${path}.seatPolicy.sharing`,
      help: "PER_PROCESS, PER_USER or PER_DEVICE",
    },
    {
      spelling: "--overdraft <number>",
      path: `${path}.seatPolicy.overdraft`,
      help: "how many seats may be taken beyond",
    },
    {
      spelling: "--offline-days <number>",
      path: `${path}.seatPolicy.offlineDays`,
      help: "for how many days a seat may be borrowed",
    },
    ...countFlags(path),
    {
      spelling: "--oldest-version <version>",
      path: `${path}.versions.oldest`,
      help: "the oldest version it is for",
    },
    {
      spelling: "--newest-version <version>",
      path: `${path}.versions.newest`,
      help: "the newest version it is for",
    },
    {
      spelling: "--change-policy <policy>",
      path: `${path}.changePolicy`,
      help: "how changes reach those at work: LIVE or RESTART_REQUIRED",
    },
  ];
}

/** Flags for how much a license may have. */
function countFlags(path: string): readonly Flag[] {
  return [
    {
      spelling: "--installations <number>",
      path: `${path}.installationPolicy.installations`,
      help: "how many installations it may have; 0 for any number",
    },
    {
      spelling: "--resources <number>",
      path: `${path}.resources`,
      help: "how many resources may be bound to it, with model RESOURCE; 0 for any number",
    },
  ];
}

/** Flags for what stands at issue only. */
export function firstTermsFlags(path: string): readonly Flag[] {
  return [
    {
      spelling: "--model <model>",
      path: `${path}.model`,
      help: "how seats are counted; FLOATING unless said",
    },
    { spelling: "--trial", path: `${path}.trial`, help: "given to be tried, and not bought" },
  ];
}

/** Flags for when a license begins and ends. */
export function termFlags(path: string): readonly Flag[] {
  return [
    {
      spelling: "--start <time>",
      path: `${path}.startTime`,
      read: time,
      help: "when it begins; inclusive",
    },
    {
      spelling: "--end <time>",
      path: `${path}.endTime`,
      read: time,
      help: "when it ends; exclusive",
    },
    {
      spelling: "--maintenance-end <time>",
      path: `${path}.maintenanceEndTime`,
      read: time,
      help: "until when new versions are included",
    },
  ];
}
