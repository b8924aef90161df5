import type { Renewal } from "./license.ts";
import { LATEST_MS, type LicenseTerms } from "./license-terms.ts";
import type { TermFault } from "./term-fault.ts";

/** How a license is to be renewed. Times are milliseconds since 1970. */
export interface RenewalRequest {
  readonly endTime: number;
  /** Absent: as far after the new end as it is after the one of now. */
  readonly maintenanceEndTime?: number | undefined;
}

/** The terms that a renewal changes; what is wrong with it is told by `renewalFaults`. */
export function renewal(terms: LicenseTerms, request: RenewalRequest): Renewal {
  const { endTime } = request;
  const before = terms.maintenanceEndTime;
  const moved = before === undefined ? undefined : before + endTime - terms.endTime;
  return { endTime, maintenanceEndTime: request.maintenanceEndTime ?? moved };
}

/** What is wrong with a renewal of terms: it only ever puts off. */
export function renewalFaults(terms: LicenseTerms, request: RenewalRequest): readonly TermFault[] {
  const { endTime, maintenanceEndTime } = request;
  const faults: TermFault[] = [];
  if (endTime <= terms.endTime)
    faults.push({ path: "end_time", description: "must be after the end that the license has" });
  const before = terms.maintenanceEndTime ?? terms.endTime;
  if (maintenanceEndTime !== undefined && maintenanceEndTime < before)
    faults.push({
      path: "maintenance_end_time",
      description: "must not be before the one that the license has",
    });
  const latest = Math.max(endTime, renewal(terms, request).maintenanceEndTime ?? endTime);
  if (latest > LATEST_MS)
    faults.push({
      path: "end_time",
      description: "must not put anything off beyond the year 9999",
    });
  return faults;
}
