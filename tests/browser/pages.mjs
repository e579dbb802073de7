// The addresses of every page, on this hub's own data.
export async function addresses(api, verdict) {
  const seq = verdict.proof.find((entry) => entry.seq !== null)?.seq ?? 0;
  const subject = encodeURIComponent(verdict.subject.id);
  const { devices } = await api.get('/api/v1/devices');
  const device = devices[0]?.id;
  return {
    home: '/',
    obligations: '/obligations',
    obligation: '/obligations/5.2-patching',
    verdicts: '/verdicts?state=violated',
    verdict: `/verdicts/${verdict.obligation}/${subject}`,
    'verdict-drawer': `/obligations/${verdict.obligation}?open=${encodeURIComponent(`${verdict.obligation}/${verdict.subject.id}`)}`,
    proof: `/proof/${seq}`,
    devices: '/devices',
    device: `/devices/${device}`,
    'device-verdicts': `/devices/${device}?tab=verdicts`,
    'device-software': `/devices/${device}?tab=software`,
    'device-timeline': `/devices/${device}?tab=timeline`,
    enrol: '/devices/enrol',
    logs: '/logs?range=all',
    software: '/software',
    catalogue: '/software?tab=catalogue',
    wifi: '/wifi',
    agencies: '/agencies',
    evidence: '/evidence',
    missing: '/khong-co',
  };
}

export const signedOut = { 'sign-in': '/sign-in' };
