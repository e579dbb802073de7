// Whom the town speaks to outside: authorities, police, providers, and whether their channel has been checked.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ContactFields } from './caseworkTypes';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';

export function useContacts() {
  return useQuery({
    queryKey: keys.contacts,
    enabled: useMay('incident_read'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/contacts', { signal })),
  });
}

function useContactsSettled() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: keys.contacts });
}

export function useKeepContact(contact: string | null) {
  const settled = useContactsSettled();
  return useMutation({
    mutationFn: (body: ContactFields) =>
      contact === null
        ? unwrap(client.POST('/api/v1/contacts', { body }))
        : unwrap(client.PUT('/api/v1/contacts/{contact}', { params: { path: { contact } }, body })),
    onSuccess: settled,
  });
}

export function useVerifyContact(contact: string) {
  const settled = useContactsSettled();
  return useMutation({
    mutationFn: (body: { how: string; at: string }) =>
      unwrap(client.POST('/api/v1/contacts/{contact}/verification', { params: { path: { contact } }, body })),
    onSuccess: settled,
  });
}

export function useRetireContact(contact: string) {
  const settled = useContactsSettled();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/contacts/{contact}', { params: { path: { contact } } })),
    onSuccess: settled,
  });
}
