/** What an agent is told to do: one line of JSON each. */
export type AgentCommand =
  | { readonly do: "acquire"; readonly id: number; readonly user: string; readonly wait: boolean }
  | { readonly do: "release"; readonly id: number }
  | { readonly do: "look"; readonly id: number; readonly feature: string };

/** What an agent knows of itself at one moment. */
export interface AgentView {
  readonly held: boolean;
  readonly end: string | undefined;
  /** Seats of the license. */
  readonly seats: number;
  readonly state: string;
  /** Whether the feature that was asked for is unlocked. */
  readonly feature: boolean;
  /** The revision of the license that it acts by, and of one that waits for a restart; empty if none does. */
  readonly revision: string;
  readonly pending: string;
}

/** How an acquire ended. */
export type AcquireOutcome =
  | {
      readonly kind: "acquired";
      readonly fencingToken: string;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
      readonly metadata: Readonly<Record<string, string>>;
    };

/** What an agent tells: one line of JSON each. Answers carry the command's id. */
export type AgentReport =
  | { readonly tell: "ready"; readonly seats: number }
  | { readonly tell: "outcome"; readonly id: number; readonly outcome: AcquireOutcome }
  | { readonly tell: "released"; readonly id: number }
  | { readonly tell: "view"; readonly id: number; readonly view: AgentView }
  | { readonly tell: "connected" | "disconnected" | "jeopardy" | "revoked" }
  | { readonly tell: "restartRequired"; readonly from: string; readonly to: string }
  | { readonly tell: "lost"; readonly cause: string }
  | { readonly tell: "position"; readonly ahead: number }
  | {
      readonly tell: "licenseChanged";
      readonly seats: number;
      readonly features: readonly string[];
      readonly state: string;
    };
