import { Problem } from "@leasehold/kernel";
import type { AdministrationStore } from "../../services/seat-broker/src/use-cases/administration-ports.ts";
import type { BorrowStore } from "../../services/seat-broker/src/use-cases/borrow-ports.ts";

// What no history does: nobody borrows a seat, and no administrator does anything.

function refuse(): Promise<never> {
  return Promise.reject(
    new Problem("DEPENDENCY_UNAVAILABLE", { message: "this is not a part of the simulation" }),
  );
}

export const noBorrows: BorrowStore = {
  epochOf: refuse,
  keep: refuse,
  end: refuse,
  next: refuse,
  endStrays: refuse,
  prune: refuse,
};

export const noAdministration: AdministrationStore = {
  revoke: refuse,
  isRevoked: refuse,
  drain: refuse,
  prune: refuse,
};
