// The order of one's tasks, and which of them ask for a signature or a decision. Pure.
import type { Task } from '~/api/commitments';

const signing: readonly string[] = ['act', 'paper', 'warning'];

export const isSigning = (task: Pick<Task, 'kind'>): boolean => signing.includes(task.kind);

// What is due first; what has no day last.
export const byDue = (tasks: Task[]): Task[] =>
  [...tasks].sort((a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'));
