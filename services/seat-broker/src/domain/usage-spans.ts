/** The shortest span that usage is told by. */
export const QUARTER_HOUR_MS = 900_000;
export const DAY_MS = 86_400_000;
/** A holder that gets no seat for so long after it was first denied was truly denied. */
export const DENIAL_WINDOW_MS = 600_000;
