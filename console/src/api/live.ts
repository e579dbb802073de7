// What the stream says goes into the caches of TanStack Query, so every page turns without a reload.
import type { QueryClient } from '@tanstack/react-query';
import { keys } from './keys';
import { type FindingNews, type IncidentNews, type LiveStream, type OrderNews, stream } from './stream';
import type { Device, DeviceDetail, Verdict, VerdictDetail } from './types';

type VerdictPages = { pages: { verdicts: Verdict[] }[] };

const same = (a: Verdict, b: Verdict) => a.obligation === b.obligation && a.subject.id === b.subject.id;

export function applyVerdicts(client: QueryClient, changed: Verdict[]): void {
  const newest = new Map(changed.map((verdict) => [`${verdict.obligation} ${verdict.subject.id}`, verdict]));
  const replace = (verdict: Verdict) => newest.get(`${verdict.obligation} ${verdict.subject.id}`) ?? verdict;
  client.setQueriesData<VerdictPages>({ queryKey: keys.verdicts.all }, (data) =>
    data?.pages
      ? { ...data, pages: data.pages.map((page) => ({ ...page, verdicts: page.verdicts.map(replace) })) }
      : data,
  );
  client.setQueriesData<VerdictDetail>({ queryKey: keys.verdict.all }, (data) => {
    const turned = data && changed.find((verdict) => same(verdict, data.verdict));
    return turned ? { ...data, verdict: turned } : data;
  });
  // Counts, filters and history are the hub's to work out.
  void client.invalidateQueries({ queryKey: keys.overview });
  void client.invalidateQueries({ queryKey: keys.verdicts.all });
  void client.invalidateQueries({ queryKey: keys.verdict.all });
  void client.invalidateQueries({ queryKey: keys.timeline.all });
}

export function applyDevices(client: QueryClient, changed: Device[]): void {
  const newest = new Map(changed.map((device) => [device.id, device]));
  let unknown = false;
  client.setQueriesData<{ devices: Device[] }>({ queryKey: keys.devices.all }, (data) => {
    if (!data) return data;
    unknown ||= changed.some((device) => !data.devices.some((old) => old.id === device.id));
    return { ...data, devices: data.devices.map((device) => newest.get(device.id) ?? device) };
  });
  client.setQueriesData<DeviceDetail>({ queryKey: keys.device.all }, (data) => {
    const turned = data && newest.get(data.device.id);
    return turned ? { ...data, device: turned } : data;
  });
  if (unknown) void client.invalidateQueries({ queryKey: keys.devices.all });
  for (const device of changed) void client.invalidateQueries({ queryKey: keys.device.of(device.id) });
}

// Which rows a finding belongs to is the hub's to work out: the lists are read again.
export function applyFindings(client: QueryClient, news: FindingNews[]): void {
  void client.invalidateQueries({ queryKey: keys.findings.all });
  for (const { id } of news) {
    void client.invalidateQueries({ queryKey: keys.finding.of(id) });
    void client.invalidateQueries({ queryKey: keys.findingEvents.of(id) });
  }
}

// Steps, clocks and counts are the hub's to work out: what shows the case is read again.
export function applyIncidents(client: QueryClient, news: IncidentNews[]): void {
  for (const queryKey of [
    keys.incidents.all,
    keys.reminders,
    keys.holds,
    keys.staffReports.all,
    keys.town.all,
  ])
    void client.invalidateQueries({ queryKey });
  for (const { id } of news) void client.invalidateQueries({ queryKey: keys.incident.of(id) });
  // News name the case, not its papers; at most one is shown.
  void client.invalidateQueries({ queryKey: keys.paper.all });
}

export function applyOrders(client: QueryClient, news: OrderNews[]): void {
  for (const device of new Set(news.map((each) => each.device)))
    void client.invalidateQueries({ queryKey: keys.orders.of(device) });
  void client.invalidateQueries({ queryKey: keys.caseOrders.all });
  // What waited for a second person has become an order.
  void client.invalidateQueries({ queryKey: keys.acts });
}

export function connectCaches(client: QueryClient, live: LiveStream = stream): () => void {
  return live.listen({
    verdicts: (verdicts) => applyVerdicts(client, verdicts),
    devices: (devices) => applyDevices(client, devices),
    findings: (news) => applyFindings(client, news),
    incidents: (news) => applyIncidents(client, news),
    orders: (news) => applyOrders(client, news),
  });
}
