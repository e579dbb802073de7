// The sign of a day: another shape for each state, so that nobody has to tell the colours apart.
import type { ReactNode } from 'react';
import type { DayState } from './coverage';

const drawings: Record<DayState, ReactNode> = {
  whole: <path d="m3.5 8.4 3 3 6-6.6" className="cover-line" />,
  gap: (
    <>
      <path d="M8 2 15 14H1z" fill="currentColor" />
      <path d="M8 6v4M8 11.6v.9" className="cover-cut" />
    </>
  ),
  part: (
    <>
      <circle cx="8" cy="8" r="5.6" className="cover-line" />
      <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor" />
    </>
  ),
  silent: <circle cx="8" cy="8" r="5.6" className="cover-line" />,
  damaged: (
    <>
      <path d="M2 2h12v12H2z" fill="currentColor" />
      <path d="m5 5 6 6m0-6-6 6" className="cover-cut" />
    </>
  ),
  none: <path d="M4 8h8" className="cover-line" />,
  absent: null,
};

export function CellSign({ state }: { state: DayState }) {
  return (
    <svg
      className={`cover-sign cover-${state}`}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
    >
      {drawings[state]}
    </svg>
  );
}
