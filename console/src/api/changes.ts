// What people do to the hub's state, and which caches it makes old.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import type { DeviceChange, NewApproval, NewBaseline, Session, WifiRecord } from './types';

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/session'), true),
    // A fresh page, which then asks to sign in: nothing that was read under the session stays in memory.
    onSettled: () => {
      cache.clear();
      window.location.reload();
    },
  });
}

export function useChangePassword() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) =>
      unwrap(client.POST('/api/v1/session/password', { body }), true),
    onSuccess: (session: Session) => cache.setQueryData(keys.session, session),
  });
}

export function useChangeDevice(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: DeviceChange) =>
      unwrap(client.PATCH('/api/v1/devices/{device}', { params: { path: { device: id } }, body })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: keys.device.of(id) });
      void cache.invalidateQueries({ queryKey: keys.devices.all });
      void cache.invalidateQueries({ queryKey: keys.timeline.of(id) });
    },
  });
}

function useApprovalCaches() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.software.all, keys.deviceSoftware.all, keys.approvals, keys.verdicts.all]) {
      void cache.invalidateQueries({ queryKey });
    }
    void cache.invalidateQueries({ queryKey: keys.overview });
  };
}

export function useApprove() {
  const settle = useApprovalCaches();
  return useMutation({
    mutationFn: (body: NewApproval) => unwrap(client.POST('/api/v1/approvals', { body })),
    onSuccess: settle,
  });
}

export function useApproveBaseline() {
  const settle = useApprovalCaches();
  return useMutation({
    mutationFn: (body: NewBaseline) => unwrap(client.POST('/api/v1/approvals/baseline', { body })),
    onSuccess: settle,
  });
}

export function useWithdraw() {
  const settle = useApprovalCaches();
  return useMutation({
    mutationFn: (approval: string) =>
      unwrap(client.DELETE('/api/v1/approvals/{approval}', { params: { path: { approval } } })),
    onSuccess: settle,
  });
}

export function useRecordWifi() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: WifiRecord) => unwrap(client.POST('/api/v1/wifi', { body })),
    onSuccess: (list) => {
      cache.setQueryData(keys.wifi, list.networks);
      void cache.invalidateQueries({ queryKey: keys.air });
      void cache.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

export function useIssueToken() {
  return useMutation({
    mutationFn: (agency: string) => unwrap(client.POST('/api/v1/agents/tokens', { body: { agency } })),
  });
}
