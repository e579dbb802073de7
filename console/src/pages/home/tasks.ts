// The order of one's tasks, and which of them ask for a signature or a decision. Pure.
import type { Task } from '~/api/commitments';
import { isoDate } from '~/ui/format';

const signing: readonly Task['kind'][] = ['paper', 'provider_request'];

export const isSigning = (task: Pick<Task, 'kind'>): boolean => signing.includes(task.kind);

// What is due first; what has no day last.
export const byDue = (tasks: Task[]): Task[] =>
  [...tasks].sort((a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'));

// A term is a moment or a whole day, which is kept until it ends.
export const isDay = (due: string): boolean => !due.includes('T');
export const isLate = (due: string, now: Date): boolean =>
  isDay(due) ? due < isoDate(now) : Date.parse(due) < now.getTime();
