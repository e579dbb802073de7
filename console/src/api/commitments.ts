// Commitments to keep information safe (article 11.8), the officers who answer for it and their training (11.5); and oneself.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { at, change, read } from './ask';
import type { MaybeNamed } from './controlTypes';
import { keys } from './keys';
import type { Named, Person } from './personTypes';
import { useMay } from './queries';
import type { LocalText } from './types';

const minute = 60_000;

export interface Appointment {
  id: string;
  agency: Named;
  person: Named;
  decision: string;
  day: string;
  until: string | null;
  in_force: boolean;
  present: boolean;
  why_not: LocalText | null;
  trained_until: string | null;
  ended_at: string | null;
  end_reason: string | null;
  seq: number | null;
}

export interface Training {
  id: string;
  person: Named;
  agency: Named;
  topic: string;
  day: string;
  hours: number;
  by: string;
  seq: number | null;
}

export interface Commitment {
  id: string;
  holder: { kind: 'person' | 'company'; id: string | null; name: string };
  agency: Named;
  text: { id: string; version: number } | null;
  system: string | null;
  paper: string | null;
  signed_on: string;
  signed_at: string;
  until: string | null;
  how: 'click' | 'paper';
  in_force: boolean;
  ended_at: string | null;
  end_reason: string | null;
  seq: number | null;
}

export interface Unsigned {
  person: Named;
  agency: Named;
  since: string;
}

export interface CommitmentText {
  id: string;
  version: number;
  title: string;
  body: string;
  months: number;
  by: MaybeNamed;
  at: string;
}

export interface OwnDevice {
  id: string;
  name: string;
  class: string;
  place: string | null;
  last_seen: string | null;
  violated: number;
}

export interface Task {
  kind: string;
  title: LocalText;
  due: string | null;
  link: string;
}

export interface Me extends Person {
  devices: OwnDevice[];
  trainings: Training[];
  commitments: Commitment[];
  tasks: Task[];
}

export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => read<Me>('/me', {}, signal),
    staleTime: minute,
  });
}

export function useCommitments(filter: { agency?: string | undefined }) {
  return useQuery({
    queryKey: keys.commitments.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: ({ signal }) =>
      read<{ items: Commitment[]; missing: Unsigned[] }>(
        '/commitments',
        { ...filter, missing: 'true' },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export function useCommitmentTexts() {
  return useQuery({
    queryKey: keys.commitmentTexts,
    enabled: useMay('commitment_sign'),
    queryFn: async ({ signal }) =>
      (await read<{ items: CommitmentText[] }>('/commitment-texts', {}, signal)).items,
    staleTime: minute,
  });
}

export function useAppointments(filter: { agency?: string | undefined }) {
  return useQuery({
    queryKey: keys.appointments.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: async ({ signal }) =>
      (await read<{ items: Appointment[] }>('/appointments', { ...filter }, signal)).items,
    placeholderData: keepPreviousData,
  });
}

export function useTrainings(filter: { agency?: string | undefined; person?: string | undefined }) {
  return useQuery({
    queryKey: keys.trainings.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: async ({ signal }) =>
      (await read<{ items: Training[] }>('/trainings', { ...filter }, signal)).items,
    placeholderData: keepPreviousData,
  });
}

function useRegisterSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [
      keys.commitments.all,
      keys.commitmentTexts,
      keys.appointments.all,
      keys.trainings.all,
      keys.me,
      keys.person.all,
      keys.verdicts.all,
      keys.overview,
    ])
      void cache.invalidateQueries({ queryKey });
  };
}

function useRegister<Body extends object | string>(send: (body: Body) => Promise<unknown>) {
  const settled = useRegisterSettled();
  return useMutation({ mutationFn: send, onSuccess: settled });
}

export const useSignCommitment = () =>
  useRegister((body: { text: string; password: string }) => change('POST', '/commitments', body));

export interface CompanyCommitment {
  agency: string;
  name: string;
  system: string;
  paper: string;
  paper_sha256: string;
  signed_on: string;
  until?: string;
}
export const useFileCommitment = () =>
  useRegister((body: CompanyCommitment) => change('POST', '/commitments/companies', body));

export const useEndCommitment = (id: string) =>
  useRegister((reason: string) => change('POST', at`/commitments/${id}/end`, { reason }));

export const useSetText = (id: string) =>
  useRegister((body: { title: string; body: string; months: number }) =>
    change('PUT', at`/commitment-texts/${id}`, body),
  );

export interface NewAppointment {
  agency: string;
  person: string;
  decision: string;
  day: string;
  until?: string;
}
export const useAppoint = () => useRegister((body: NewAppointment) => change('POST', '/appointments', body));

export const useEndAppointment = (id: string) =>
  useRegister((reason: string) => change('POST', at`/appointments/${id}/end`, { reason }));

export interface NewTraining {
  persons: string[];
  topic: string;
  day: string;
  hours: number;
  by: string;
}
export const useAddTraining = () => useRegister((body: NewTraining) => change('POST', '/trainings', body));

export const useRemoveTraining = (id: string) =>
  useRegister((reason: string) => change('DELETE', at`/trainings/${id}`, { reason }));
