// Accounts on devices and reviews of rights: reading, linking, answering.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { AccountProblem, LineAnswer, LinkChange, ManyLinks, ReviewDetail } from './controlTypes';
import { keys } from './keys';
import { useMay } from './queries';

const pageSize = 200;

export interface DeviceAccountFilter {
  agency?: string | undefined;
  problem?: AccountProblem | undefined;
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
      unwrap(
        client.GET('/api/v1/device-accounts', {
          params: { query: { ...filter, cursor: pageParam, limit: pageSize } },
          signal,
        }),
      ),
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
      unwrap(
        client.PUT('/api/v1/device-accounts/{device}/{name}/link', {
          params: { path: { device, name } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useUnlinkAccount({ device, name }: Place) {
  const settled = useLinksSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(
        client.DELETE('/api/v1/device-accounts/{device}/{name}/link', { params: { path: { device, name } } }),
      ),
    onSuccess: settled,
  });
}

export function useLinkMany() {
  const settled = useLinksSettled();
  return useMutation({
    mutationFn: (body: ManyLinks) => unwrap(client.POST('/api/v1/device-accounts/links', { body })),
    onSuccess: settled,
  });
}

export function useReviews(filter: { agency?: string | undefined; open?: 'true' | 'false' | undefined }) {
  return useQuery({
    queryKey: keys.reviews.of(filter),
    enabled: useMay('account_control_read'),
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/reviews', { params: { query: filter }, signal }))).items,
    placeholderData: keepPreviousData,
  });
}

export function useReview(id: string) {
  return useQuery({
    queryKey: keys.review.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/reviews/{review}', { params: { path: { review: id } }, signal })),
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
      unwrap(client.POST('/api/v1/reviews', { body })),
    onSuccess: settled,
  });
}

export function useAnswerReview(review: string) {
  const settled = useReviewSettled();
  return useMutation({
    mutationFn: (answers: LineAnswer[]) =>
      unwrap(
        client.PUT('/api/v1/reviews/{review}/lines', { params: { path: { review } }, body: { answers } }),
      ),
    onSuccess: settled,
  });
}

export function useCloseReview(review: string) {
  const settled = useReviewSettled();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/reviews/{review}/close', { params: { path: { review } } })),
    onSuccess: settled,
  });
}

export function useReviewFile(review: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        client.GET('/api/v1/reviews/{review}/file', {
          params: { path: { review } },
          parseAs: 'blob',
        }),
      ),
  });
}
