// Machines, software and its approvals, wireless networks.
import type { Approval, Device, Product, Software, Verdict, VerdictState } from '~/api/types';
import { factBodies } from './facts';
import { type Answer, type Ask, fail, fold, ok, State } from './state';
import { addEvent, day, iso, newId } from './town';

export class Inventory extends State {
  protected devices(ask: Ask): Answer {
    const q = fold(ask.query.get('q') ?? '');
    const agency = ask.query.get('agency');
    return ok({
      devices: this.town.devices.filter(
        (each) =>
          (!agency || each.agency === agency) &&
          fold(`${each.name} ${each.os} ${each.addresses.join(' ')}`).includes(q),
      ),
    });
  }

  protected device(device: Device): Answer {
    const facts = factBodies(Date.now()).map(([kind, method, body]) => {
      const event = this.town.events.find(
        (each) => each.device === device.id && each.stream === `fact/${kind}`,
      );
      return {
        kind,
        method,
        body,
        collected_at: event?.received_at ?? device.enrolled_at,
        received_at: event?.received_at ?? device.enrolled_at,
        changed_at: iso(Date.now() - 3 * day),
        seq: event?.seq ?? 0,
      };
    });
    return ok({ device, facts });
  }

  protected changeDevice(device: Device, ask: Ask): Answer {
    Object.assign(device, ask.body);
    this.push('device', device);
    return ok(device);
  }

  protected approved(device: Device, name: string): Approval | undefined {
    const today = iso(Date.now()).slice(0, 10);
    return this.approvals.find(
      (each) =>
        each.product === name &&
        (each.classes.length === 0 || each.classes.includes(device.class)) &&
        (each.expires_on === null || each.expires_on >= today),
    );
  }

  protected installed(device: Device): Software[] {
    return (this.town.software.get(device.id) ?? []).map((each) => {
      const approval = this.approved(device, each.name);
      return {
        name: each.name,
        version: each.version,
        architecture: 'amd64',
        installed_at: each.firstSeen,
        first_seen: each.firstSeen,
        approved: Boolean(approval),
        approval: approval?.id ?? null,
        offered: each.offered,
        security: each.security,
        installed_by: each.name === 'nmap' || each.name === 'anydesk' ? 'an' : '',
        ended: null,
      };
    });
  }

  protected deviceSoftware(device: Device, ask: Ask): Answer {
    const q = fold(ask.query.get('q') ?? '');
    const state = ask.query.get('state');
    const all = this.installed(device);
    const list = all
      .filter((each) => fold(each.name).includes(q) && (!state || (state === 'approved') === each.approved))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const after = ask.query.get('after');
    const rest = after ? list.filter((each) => each.name > after) : list;
    const limit = Number(ask.query.get('limit') ?? 100);
    return ok({
      software: rest.slice(0, limit),
      total: list.length,
      unapproved: all.filter((each) => !each.approved).length,
      next: rest.length > limit ? (rest[limit - 1]?.name ?? null) : null,
    });
  }

  protected timeline(device: Device): Answer {
    const entries = this.town.verdicts
      .filter((each) => each.subject.id === device.id)
      .map((each) => ({
        at: each.since,
        kind: 'verdict',
        title: each.reason,
        seq: each.proof[0]?.seq ?? null,
        obligation: each.obligation,
        state: each.state,
      }));
    const enrolled = {
      at: device.enrolled_at,
      kind: 'enrolled',
      title: { vi: 'Thiết bị được đưa vào hệ thống', en: 'The device was enrolled' },
      seq: null,
    };
    const fact = {
      at: iso(Date.now() - 3 * day),
      kind: 'fact',
      title: {
        vi: 'Phần mềm cài đặt thay đổi: thêm teamviewer 15.70.4',
        en: 'Installed software changed: teamviewer 15.70.4 added',
      },
      seq: 3,
    };
    return ok({ entries: [...entries, enrolled, fact].sort((a, b) => b.at.localeCompare(a.at)) });
  }

  protected products(ask: Ask): Answer {
    const q = fold(ask.query.get('q') ?? '');
    const state = ask.query.get('state');
    const byName = new Map<string, Product>();
    for (const device of this.town.devices) {
      for (const each of this.town.software.get(device.id) ?? []) {
        const product = byName.get(each.name) ?? {
          name: each.name,
          versions: [],
          devices: 0,
          approved_devices: 0,
          first_seen: each.firstSeen,
        };
        if (!product.versions.includes(each.version)) product.versions.push(each.version);
        product.devices += 1;
        if (this.approved(device, each.name)) product.approved_devices += 1;
        byName.set(each.name, product);
      }
    }
    const all = [...byName.values()];
    const list = all.filter(
      (each) =>
        fold(each.name).includes(q) &&
        (!state || (state === 'approved') === (each.approved_devices === each.devices)),
    );
    return ok({
      products: list,
      total: list.length,
      unapproved: all.filter((each) => each.approved_devices < each.devices).length,
      next: null,
    });
  }

  protected approve(ask: Ask): Answer {
    const products = (ask.body?.products ?? []) as { product: string; versions?: string }[];
    const made = products.map(
      (each): Approval => ({
        id: newId(),
        agency: String(ask.body?.agency),
        product: each.product,
        versions: each.versions ?? '*',
        classes: (ask.body?.classes ?? []) as Approval['classes'],
        expires_on: (ask.body?.expires_on as string | null) ?? null,
        note: String(ask.body?.note ?? ''),
        approved_by: 'Nguyễn Thị Hòa',
        approved_at: iso(Date.now()),
        ends_at: null,
        licence: (ask.body?.licence ?? null) as Approval['licence'],
      }),
    );
    this.approvals.push(...made);
    this.judgeAllSoftware();
    return ok({ approvals: made }, 201);
  }

  protected baseline(ask: Ask): Answer {
    const device = this.town.devices.find((each) => each.id === ask.body?.device);
    if (!device) return fail(404, 'api.not_found', 'Không tìm thấy thiết bị.', 'There is no such device.');
    const except = (ask.body?.except ?? []) as string[];
    const open = (this.town.software.get(device.id) ?? []).filter(
      (each) => !this.approved(device, each.name) && !except.includes(each.name),
    );
    this.approve({
      ...ask,
      body: { ...ask.body, agency: device.agency, products: open.map((each) => ({ product: each.name })) },
    });
    return ok({ approved: open.length }, 201);
  }

  protected judgeAllSoftware(): void {
    addEvent(
      this.town,
      Date.now(),
      null,
      'hub/approval',
      'hub',
      JSON.stringify({ approvals: this.approvals.length }),
    );
    for (const device of this.town.devices) {
      const before = this.town.verdicts.find(
        (each) => each.obligation === '5.1-software-approval' && each.subject.id === device.id,
      );
      const after = this.judgeSoftware(device);
      if (before?.reason.vi !== after.reason.vi) this.push('verdict', after);
    }
    this.recount();
  }

  protected judgeSoftware(device: Device): Verdict {
    const open = (this.town.software.get(device.id) ?? []).filter(
      (each) => !this.approved(device, each.name),
    );
    const record = this.town.events.find(
      (each) => each.device === device.id && each.stream === 'fact/packages',
    );
    const old = this.town.verdicts.findIndex(
      (each) => each.obligation === '5.1-software-approval' && each.subject.id === device.id,
    );
    const state: VerdictState = open.length ? 'violated' : 'kept';
    const before = this.town.verdicts[old];
    const verdict: Verdict = {
      obligation: '5.1-software-approval',
      subject: { id: device.id, kind: 'device', name: device.name },
      agency: device.agency,
      state,
      reason_code: open.length ? 'unapproved' : 'approved',
      reason: open.length
        ? {
            vi: `${open.length} phần mềm chưa được duyệt: ${open
              .slice(0, 3)
              .map((each) => each.name)
              .join(', ')}…`,
            en: `${open.length} products are not approved: ${open
              .slice(0, 3)
              .map((each) => each.name)
              .join(', ')}…`,
          }
        : { vi: 'Mọi phần mềm đang cài đều đã được duyệt.', en: 'Everything installed is approved.' },
      since: before?.state === state ? before.since : iso(before ? Date.now() : Date.now() - 39 * day),
      judged_at: iso(Date.now()),
      changes_at: null,
      proof: record
        ? [{ kind: 'packages', seq: record.seq, learnt_at: record.received_at, method: 'dpkg' }]
        : [],
    };
    if (old >= 0) this.town.verdicts[old] = verdict;
    else this.town.verdicts.push(verdict);
    return verdict;
  }

  protected recordWifi(ask: Ask): Answer {
    const body = ask.body ?? {};
    const known = this.town.wifi.find((each) => each.ssid === body.ssid && each.agency === body.agency);
    const network = known ?? {
      ssid: String(body.ssid),
      agency: String(body.agency),
      registered: true,
      security: '',
      key_changed_at: null,
      seen_on: [],
      last_seen: null,
      note: '',
      place: '',
      owner: '',
      bssids: [],
      recorded_on: null,
      key_proof: 'none' as const,
      clients_changed: 0,
      clients_behind: 0,
    };
    network.registered = true;
    network.security = String(body.security);
    network.note = String(body.note ?? '');
    if (body.key_changed_on) network.key_changed_at = `${String(body.key_changed_on)}T00:00:00Z`;
    if (!known) this.town.wifi.push(network);
    return ok({ networks: this.town.wifi }, 201);
  }
}
