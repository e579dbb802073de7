// How the evidence is kept, as the pages need it to be drawn: a month with a gap, a silence, a damaged day and a late copy.
import type {
  CustodyCoverage,
  CustodyDay,
  Erasure,
  Medium,
  Retention,
  RetentionPreview,
  Silence,
  Witnessing,
} from '~/api/custodyTypes';
import type { Agency, Device } from '~/api/types';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, newId } from './town';

const daysKept = 34;
const dayName = (back: number) =>
  new Date(Date.now() + 7 * 3_600_000 - back * day).toISOString().slice(0, 10);
const key = (kind: string, letter: string) =>
  `luy/0123456789abcdef${kind}+0a1b2c3d+${kind === '' ? 'AQ' : 'BA'}${letter.repeat(42)}`;
const note = (size: number, root: string) =>
  `luy/0123456789abcdef\n${size}\n${root.repeat(43)}=\n\n— luy/0123456789abcdef ChssPQ==\n`;

export class Custody {
  private readonly media: Medium[];
  private readonly silences: Silence[];
  private readonly erasures: Erasure[];
  private readonly retention: Retention;
  private readonly witnessing: Witnessing;

  constructor(
    private readonly devices: Device[],
    private readonly agencies: Agency[],
  ) {
    this.media = [
      this.medium('Ổ sao lưu số 1', null),
      this.medium('Ổ sao lưu số 0', iso(Date.now() - 90 * day)),
    ];
    const silent = devices[1] ?? devices[0];
    this.silences = silent
      ? [
          {
            device: { id: silent.id, name: silent.name },
            agency: this.agency(silent.agency),
            began_at: iso(Date.now() - 3.4 * day),
            ended_at: iso(Date.now() - 1.2 * day),
            began_seq: 40,
            ended_seq: 55,
          },
        ]
      : [];
    const place = this.agency(agencies[0]?.id ?? '');
    this.erasures = [
      {
        id: newId(),
        agency: place,
        reason: 'Bản ghi chứa dữ liệu cá nhân không được phép giữ',
        legal_basis: 'Công văn 102/UBND, Luật Bảo vệ dữ liệu cá nhân',
        records: 1,
        days: [dayName(5)],
        decided_by: ['Trần Văn Bình', 'Nguyễn Thị Hòa'],
        decided_at: iso(Date.now() - 2 * day),
        state: 'done',
        note_seqs: [61],
        done_at: iso(Date.now() - 2 * day + 60_000),
        problem: '',
        copies_left: 1,
      },
    ];
    this.retention = {
      default_days: 90,
      floor_days: 30,
      floors: agencies[0]
        ? [
            {
              agency: place,
              days: 92,
              level: 3,
              basis: { vi: 'Có hệ thống thông tin cấp độ 3', en: 'It has an information system of level 3' },
            },
          ]
        : [],
      whole_days_until: dayName(92),
      held_from: dayName(9),
      rules: [
        {
          id: newId(),
          agency: null,
          class: 'workstation',
          keep_days: 60,
          erase_after_days: 120,
          reason: 'Nhật ký máy trạm có dữ liệu cá nhân',
          decided_by: ['Trần Văn Bình', 'Nguyễn Thị Hòa'],
          decided_at: iso(Date.now() - 20 * day),
        },
      ],
      running: '',
    };
    this.witnessing = {
      may_change: true,
      origin: 'luy/0123456789abcdef',
      vkey: key('', 'A'),
      witness_vkey: key('/witness', 'B'),
      submission_prefix: 'https://luy.bimson.gov.vn:8443/api/v1/witness',
      interval_seconds: 60,
      witnesses: [
        {
          id: newId(),
          name: 'Trung tâm giám sát tỉnh',
          url: 'https://luy.thanhhoa.gov.vn:8443/api/v1/witness',
          vkey: key('/witness', 'C'),
          networks: ['10.0.0.0/8'],
          ca_file: null,
          added_at: iso(Date.now() - 60 * day),
          state: 'good',
          size: 84_112,
          cosigned_at: iso(Date.now() - 40_000),
          asked_at: iso(Date.now() - 40_000),
          problem: null,
        },
      ],
      origins: [
        {
          id: newId(),
          name: 'UBND thành phố Sầm Sơn',
          origin: 'luy/fedcba9876543210',
          vkey: key('', 'D'),
          added_at: iso(Date.now() - 60 * day),
          state: 'exposed',
          size: 5_120,
          seen_at: iso(Date.now() - 900_000),
        },
      ],
      proofs: [
        {
          id: newId(),
          side: 'theirs',
          kind: 'rolled_back',
          origin: 'luy/fedcba9876543210',
          witness: 'luy/0123456789abcdef/witness',
          found_at: iso(Date.now() - 900_000),
          cosigned: note(5_120, 'a'),
          submitted: note(4_096, 'b'),
        },
      ],
      time_stamp: { url: null, newest_day: null, stamped_at: null, problem: null },
    };
  }

  private agency(id: string) {
    return { id, name: this.agencies.find((each) => each.id === id)?.name ?? id };
  }

  private medium(name: string, retired: string | null): Medium {
    return {
      id: newId(),
      name,
      kind: 'disk',
      serial: 'WX12A3456789',
      uuid: '6f1c2b9e-5d0a-4f3e-9a77-0c1d2e3f4a5b',
      label: 'LUY-1',
      custodian: 'Lê Thị Lan',
      place: 'Két sắt phòng 105, nhà B',
      registered_by: 'Trần Văn Bình',
      registered_at: iso(Date.now() - 200 * day),
      days: retired ? 0 : 25,
      newest_day: retired ? null : dayName(9),
      last_copy_at: retired ? null : iso(Date.now() - 8 * day),
      last_check_at: retired ? null : iso(Date.now() - 2 * day),
      check_fault: '',
      retired_at: retired,
      retire_reason: retired ? 'Hỏng đầu đọc' : '',
      version: 1,
    };
  }

  private days(): CustodyDay[] {
    const [medium] = this.media;
    return Array.from({ length: daysKept }, (_, back): CustodyDay => {
      const sha256 = back === 0 ? '' : `${back}`.padStart(2, '0').repeat(32);
      const copied = back >= 9 && medium;
      return {
        day: dayName(back),
        closed: back > 0,
        records: 2_000 + ((back * 977) % 1_500),
        withheld: back === 5 ? 1 : 0,
        file_bytes: 300_000 + ((back * 7_919) % 90_000),
        sha256,
        damaged: back === 14,
        held: back <= 9,
        goes_on: back <= 9 ? null : dayName(back - 93),
        copies: copied
          ? [
              {
                medium: medium.id,
                medium_name: medium.name,
                sha256,
                copied_at: iso(Date.now() - 8 * day),
                copied_by: 'lan',
                checked_at: iso(Date.now() - 2 * day),
                sound: true,
                cosigned_by: [],
                stamped: false,
                outdated: false,
                seq: 70,
              },
            ]
          : [],
        copy_missing: back === 8,
      };
    });
  }

  private coverage(ask: Ask): CustodyCoverage {
    const from = ask.query.get('from') ?? dayName(29);
    const until = ask.query.get('until') ?? dayName(0);
    const agency = ask.query.get('agency');
    const silent = this.silences[0]?.device.id;
    const items = this.devices
      .filter((each) => !agency || each.agency === agency)
      .map((device, at) => {
        const days = this.days()
          .filter((each) => each.day >= from && each.day <= until)
          .filter((each) => device.id !== silent || each.day !== dayName(2))
          .map((each, back) => ({
            day: each.day,
            records: Math.round(each.records / (at + 2)),
            missing_batches: at === 0 && back === 6 ? 2 : 0,
            dropped_records: 0,
            first: `${each.day}T00:00:04+07:00`,
            last: `${each.day}T23:59:51+07:00`,
            damaged: each.damaged,
          }));
        return {
          device: { id: device.id, name: device.name },
          agency: this.agency(device.agency),
          class: at === 0 ? ('server' as const) : ('workstation' as const),
          days,
          days_covered: days.length,
          gaps: days.filter((each) => each.missing_batches > 0).length,
          silent_since: null,
        };
      });
    return { from, until, days_stored: daysKept, items };
  }

  private preview(ask: Ask): Answer {
    const keep = Number(ask.body?.keep_days);
    if (keep < this.retention.floor_days)
      return fail(
        409,
        'custody.below_floor',
        'Nhật ký ở đây phải được giữ ít nhất 30 ngày; không đặt thời hạn ngắn hơn được.',
        'The logs there have to be kept for at least 30 days; a shorter time cannot be set.',
      );
    const preview: RetentionPreview = {
      floor_days: this.retention.floor_days,
      keep_days: keep,
      erase_after_days: (ask.body?.erase_after_days as number | null) ?? null,
      whole_days_before: 92,
      whole_days_after: Math.max(92, keep),
      days: [],
      records_now: 0,
    };
    return ok(preview);
  }

  answer(ask: Ask): Answer | null {
    const of: Record<string, () => Answer> = {
      'GET /api/v1/custody/coverage': () => ok(this.coverage(ask)),
      'GET /api/v1/custody/silences': () => ok({ items: this.silences }),
      'GET /api/v1/custody/days': () => ok({ copy_within_days: 7, items: this.days() }),
      'GET /api/v1/custody/media': () => ok({ items: this.media }),
      'GET /api/v1/custody/retention': () => ok(this.retention),
      'POST /api/v1/custody/retention/preview': () => this.preview(ask),
      'POST /api/v1/custody/retention': () => ok({ done: false, act: null }, 202),
      'GET /api/v1/custody/erasures': () => ok({ items: this.erasures }),
      'GET /api/v1/custody/disk': () =>
        ok({
          total_bytes: 2 ** 40,
          free_bytes: 2 ** 40 * 0.26,
          used_percent: 74,
          level: 'watch',
          refusing: false,
          full_on: dayName(-190),
          days_left: 190,
          growth_bytes_per_day: 1.5 * 2 ** 30,
          days_measured: 28,
        }),
      'GET /api/v1/witness': () => ok(this.witnessing),
    };
    return of[`${ask.method} ${ask.path}`]?.() ?? null;
  }
}
