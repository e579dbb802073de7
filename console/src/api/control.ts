// Accounts on devices and reviews of rights: reading, linking, answering.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { at, change, read, readFile } from './ask';
import type {
  DeviceAccount,
  DeviceAccountList,
  LineAnswer,
  LinkChange,
  ManyLinks,
  Review,
  ReviewDetail,
} from './controlTypes';
import { keys } from './keys';
import { useMay } from './queries';

const pageSize = 200;

export interface DeviceAccountFilter {
  agency?: string | undefined;
  problem?: string | undefined;
  device?: string | undefined;
  person?: string | undefined;
  q?: string | undefined;
}

export function useDeviceAccounts(filter: DeviceAccountFilter) {
  return useInfiniteQuery({
    queryKey: keys.deviceAccounts.of(filter),
    enabled: useMay('account_control_read'),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      read<DeviceAccountList>('/device-accounts', { ...filter, cursor: pageParam, limit: pageSize }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

function useLinksSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.deviceAccounts.all, keys.leave.all, keys.verdicts.all, keys.overview])
      void cache.invalidateQueries({ queryKey });
  };
}

interface Place {
  device: string;
  name: string;
}

export function useLinkAccount({ device, name }: Place) {
  const settled = useLinksSettled();
  return useMutation({
    mutationFn: (body: LinkChange) =>
      change<DeviceAccount>('PUT', at`/device-accounts/${device}/${name}/link`, body),
    onSuccess: settled,
  });
}

export function useUnlinkAccount({ device, name }: Place) {
  const settled = useLinksSettled();
  return useMutation({
    mutationFn: () => change('DELETE', at`/device-accounts/${device}/${name}/link`),
    onSuccess: settled,
  });
}

export function useLinkMany() {
  const settled = useLinksSettled();
  return useMutation({
    mutationFn: (body: ManyLinks) => change<{ linked: number }>('POST', '/device-accounts/links', body),
    onSuccess: settled,
  });
}

export function useReviews(filter: { agency?: string | undefined; open?: string | undefined }) {
  return useQuery({
    queryKey: keys.reviews.of(filter),
    enabled: useMay('account_control_read'),
    queryFn: async ({ signal }) => (await read<{ items: Review[] }>('/reviews', { ...filter }, signal)).items,
    placeholderData: keepPreviousData,
  });
}

export function useReview(id: string) {
  return useQuery({
    queryKey: keys.review.of(id),
    queryFn: ({ signal }) => read<ReviewDetail>(at`/reviews/${id}`, {}, signal),
  });
}

function useReviewSettled() {
  const cache = useQueryClient();
  return (review: ReviewDetail) => {
    cache.setQueryData(keys.review.of(review.id), review);
    for (const queryKey of [keys.reviews.all, keys.verdicts.all, keys.overview, keys.acts, keys.me])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useOpenReview() {
  const settled = useReviewSettled();
  return useMutation({
    mutationFn: (body: { agency: string; below: boolean; due: string }) =>
      change<ReviewDetail>('POST', '/reviews', body),
    onSuccess: settled,
  });
}

export function useAnswerReview(review: string) {
  const settled = useReviewSettled();
  return useMutation({
    mutationFn: (answers: LineAnswer[]) =>
      change<ReviewDetail>('PUT', at`/reviews/${review}/lines`, { answers }),
    onSuccess: settled,
  });
}

export function useCloseReview(review: string) {
  const settled = useReviewSettled();
  return useMutation({
    mutationFn: () => change<ReviewDetail>('POST', at`/reviews/${review}/close`),
    onSuccess: settled,
  });
}

export function useReviewFile(review: string) {
  return useMutation({ mutationFn: () => readFile(at`/reviews/${review}/file`) });
}
