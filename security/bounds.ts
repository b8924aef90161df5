/** What a whole run may come to at most. */
const MOST: Readonly<Record<string, number>> = {
  crashes: 0,
  forgedAccepted: 0,
  matrixSurprises: 0,
  raceDoubleWinners: 0,
  leaks: 0,
  maxRssMiB: 512,
};

const LEAST_GOOD_CALLS = 0.99;

/** The failures of a whole run's figures; a bound whose figure is missing was not put to the test. */
export function boundsOf(figures: Readonly<Record<string, number>>): readonly string[] {
  const above = Object.entries(MOST).flatMap(([name, most]) => {
    const figure = figures[name];
    if (figure === undefined) return [`${name} was not looked at`];
    return figure > most ? [`${name} is ${figure}, more than ${most}`] : [];
  });
  const share = figures["goodCallShareUnderFlood"] ?? 0;
  return share < LEAST_GOOD_CALLS
    ? [...above, `goodCallShareUnderFlood is ${share}, less than ${LEAST_GOOD_CALLS}`]
    : above;
}
