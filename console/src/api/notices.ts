// Notices that leave the hub: what one is told by mail, the mail server, webhooks, and what became of each.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';
import type { NewWebhook, NoticeChoices, NoticeSettings, NoticeState } from './types';

const minute = 60_000;
const shownMax = 200;

export function useOwnNotices() {
  return useQuery({
    queryKey: keys.ownNotices,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/me/notices', { signal })),
  });
}

export function useChooseNotices() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NoticeChoices) => unwrap(client.PUT('/api/v1/me/notices', { body })),
    onSuccess: (made) => cache.setQueryData(keys.ownNotices, made),
  });
}

export function useNoticeStanding() {
  return useQuery({
    queryKey: keys.noticeSettings,
    enabled: useMay('notice_manage'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/notices/settings', { signal })),
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.noticeSettings, keys.ownNotices, keys.webhooks, keys.notices.all, keys.acts])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useSetNotices() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NoticeSettings) => unwrap(client.PUT('/api/v1/notices/settings', { body })),
    onSuccess: settled,
  });
}

export function useTestMail() {
  const settled = useSettled();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/notices/test')),
    onSettled: settled,
  });
}

export function useNotices(filter: { state?: NoticeState | undefined; webhook?: string | undefined }) {
  return useQuery({
    queryKey: [...keys.notices.all, filter],
    enabled: useMay('notice_manage'),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/notices', { params: { query: { ...filter, limit: shownMax } }, signal }),
        )
      ).items,
    refetchInterval: minute,
  });
}

export function useRetryNotice() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (notice: string) =>
      unwrap(client.POST('/api/v1/notices/{notice}/retry', { params: { path: { notice } } })),
    onSuccess: settled,
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: keys.webhooks,
    enabled: useMay('notice_manage'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/webhooks', { signal }))).items,
    refetchInterval: minute,
  });
}

export function useKeepWebhook(webhook: string | null) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewWebhook) =>
      webhook === null
        ? unwrap(client.POST('/api/v1/webhooks', { body }))
        : unwrap(client.PUT('/api/v1/webhooks/{webhook}', { params: { path: { webhook } }, body })),
    onSuccess: settled,
  });
}

export function useRemoveWebhook(webhook: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/webhooks/{webhook}', { params: { path: { webhook } } })),
    onSuccess: settled,
  });
}

export function useRenewSecret(webhook: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/webhooks/{webhook}/secret', { params: { path: { webhook } } })),
    onSuccess: settled,
    // It is told once; nothing keeps it beside the page that shows it.
    gcTime: 0,
  });
}

export function useTestWebhook() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (webhook: string) =>
      unwrap(client.POST('/api/v1/webhooks/{webhook}/test', { params: { path: { webhook } } })),
    onSettled: settled,
  });
}
