import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** What figures depend on and cannot be seen in them. */
export function machineFacts(): Readonly<Record<string, string | number>> {
  return {
    time: new Date().toISOString(),
    commit:
      git("rev-parse", "--short", "HEAD") +
      (git("status", "--porcelain") === "" ? "" : " and changes"),
    processors: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") || "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    // Anything but a small number: whatever is measured now is worth nothing.
    loadBefore: loadavg()[0]?.toFixed(2) ?? "unknown",
  };
}

function git(...args: readonly string[]): string {
  try {
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    return execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
