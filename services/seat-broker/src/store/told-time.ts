/** For a script to compare with its TIME. All in milliseconds of that. */
export interface ToldTime {
  /** Whose time. */
  readonly node: string;
  readonly estimate: number;
  /** Since when the clock is known to have run evenly. */
  readonly trusted: number;
  /** What the clock would show if it had not stepped back; 0 if it did not, or is past that. */
  readonly peak: number;
}
