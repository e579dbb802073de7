// Commitments to keep information safe (article 11.8), the officers who answer for it and their training (11.5); and oneself.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type {
  CommitmentList,
  Me,
  NewAppointment,
  NewCommitmentText,
  NewCompanyCommitment,
  NewTraining,
  SignCommitment,
} from './generated';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;

export type {
  Appointment,
  Commitment,
  CommitmentText,
  Me,
  NewAppointment,
  NewCompanyCommitment as CompanyCommitment,
  NewTraining,
  Training,
} from './generated';
export type Unsigned = CommitmentList['missing'][number];
export type OwnDevice = Me['devices'][number];
export type Task = Me['tasks'][number];

export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/me', { signal })),
    staleTime: minute,
  });
}

export function useCommitments(filter: { agency?: string | undefined }) {
  return useQuery({
    queryKey: keys.commitments.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/commitments', { params: { query: { ...filter, missing: 'true' } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useCommitmentTexts() {
  return useQuery({
    queryKey: keys.commitmentTexts,
    enabled: useMay('commitment_sign'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/commitment-texts', { signal }))).items,
    staleTime: minute,
  });
}

export function useAppointments(filter: { agency?: string | undefined }) {
  return useQuery({
    queryKey: keys.appointments.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/appointments', { params: { query: filter }, signal }))).items,
    placeholderData: keepPreviousData,
  });
}

export function useTrainings(filter: { agency?: string | undefined; person?: string | undefined }) {
  return useQuery({
    queryKey: keys.trainings.of(filter),
    enabled: useMay('commitment_read'),
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/trainings', { params: { query: filter }, signal }))).items,
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
  useRegister((body: SignCommitment) => unwrap(client.POST('/api/v1/commitments', { body })));

export const useFileCommitment = () =>
  useRegister((body: NewCompanyCommitment) => unwrap(client.POST('/api/v1/commitments/companies', { body })));

export const useEndCommitment = (id: string) =>
  useRegister((reason: string) =>
    unwrap(
      client.POST('/api/v1/commitments/{commitment}/end', {
        params: { path: { commitment: id } },
        body: { reason },
      }),
    ),
  );

export const useSetText = (id: string) =>
  useRegister((body: NewCommitmentText) =>
    unwrap(client.PUT('/api/v1/commitment-texts/{text}', { params: { path: { text: id } }, body })),
  );

export const useAppoint = () =>
  useRegister((body: NewAppointment) => unwrap(client.POST('/api/v1/appointments', { body })));

export const useEndAppointment = (id: string) =>
  useRegister((reason: string) =>
    unwrap(
      client.POST('/api/v1/appointments/{appointment}/end', {
        params: { path: { appointment: id } },
        body: { reason },
      }),
    ),
  );

export const useAddTraining = () =>
  useRegister((body: NewTraining) => unwrap(client.POST('/api/v1/trainings', { body })));

export const useRemoveTraining = (id: string) =>
  useRegister((reason: string) =>
    unwrap(
      client.DELETE('/api/v1/trainings/{training}', { params: { path: { training: id } }, body: { reason } }),
    ),
  );
