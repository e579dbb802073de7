// The half-year that a day belongs to; reports go up half-yearly. Pure.
export function halfYearOf(day: string): { from: string; to: string } {
  const year = day.slice(0, 4);
  return Number(day.slice(5, 7)) <= 6
    ? { from: `${year}-01-01`, to: `${year}-06-30` }
    : { from: `${year}-07-01`, to: `${year}-12-31` };
}
