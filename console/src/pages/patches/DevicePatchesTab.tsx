// The updates that wait on a machine with what they rest on, its maintenance window, and its known vulnerabilities.
import { Alert, DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Device } from '~/api/types';
import {
  type DevicePatches,
  type PendingPatch,
  useDevicePatches,
  useDeviceVulnerabilities,
  useEndPatchException,
  useExceptPatch,
  useExportVulnerabilities,
} from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { SheetButtons } from '~/ui/SheetButtons';
import { Age, DateOnly, Time } from '~/ui/Time';
import { UrgencyFilter } from '../vulnerabilities/UrgencyFilter';
import { Matches } from './Matches';
import { usePatchColumns } from './patchColumns';

export function DevicePatchesTab({ device }: { device: Device }) {
  return (
    <>
      <Updates device={device} />
      <Vulnerabilities device={device} />
    </>
  );
}

function Updates({ device }: { device: Device }) {
  const { t } = useLanguage();
  const query = useDevicePatches(device.id);
  const [excepting, setExcepting] = useState<PendingPatch | null>(null);
  const [ending, setEnding] = useState<PendingPatch | null>(null);
  const columns: Column<PendingPatch>[] = [
    ...usePatchColumns<PendingPatch>((row) => row),
    {
      key: 'act',
      title: <span className="visually-hidden">{t('patches.except')}</span>,
      width: 150,
      align: 'right',
      render: (row) => (
        <MayButton
          action="patch_except"
          size="small"
          onClick={() => (row.exception ? setEnding(row) : setExcepting(row))}
        >
          {t(row.exception ? 'patches.end' : 'patches.except')}
        </MayButton>
      ),
    },
  ];
  return (
    <Loaded query={query} rows={6}>
      {(patches) => (
        <Section
          title={t('patches.waiting')}
          extra={patches.seq === null ? null : <SealLink seq={patches.seq} />}
        >
          <Evidence patches={patches} />
          <DataTable
            label={t('patches.waiting')}
            columns={columns}
            rows={patches.items}
            rowKey={(row) => row.package}
            empty={
              <EmptyState
                why={t(
                  patches.collected_at === null
                    ? 'patches.not_reported'
                    : patches.stale
                      ? 'patches.cannot_know'
                      : 'patches.none_here',
                )}
              />
            }
          />
          {excepting ? (
            <Except device={device.id} patch={excepting} onClose={() => setExcepting(null)} />
          ) : null}
          {ending ? <End device={device.id} patch={ending} onClose={() => setEnding(null)} /> : null}
        </Section>
      )}
    </Loaded>
  );
}

function Evidence({ patches }: { patches: DevicePatches }) {
  const { t, language } = useLanguage();
  const { window } = patches;
  return (
    <>
      {patches.collected_at !== null && patches.stale ? (
        <Alert type="warning" showIcon className="stale-banner" title={t('patches.stale')} />
      ) : null}
      {patches.unknown_because ? (
        <Alert
          type="warning"
          showIcon
          className="stale-banner"
          title={t('patches.unknown_because', { why: patches.unknown_because })}
        />
      ) : null}
      <dl className="facts facts-row">
        <div>
          <dt>{t('devices.collected')}</dt>
          <dd>
            <Age at={patches.collected_at} />
          </dd>
        </div>
        <div>
          <dt>{t('patches.lists')}</dt>
          <dd>{patches.lists_present ? <Time at={patches.lists_date} /> : t('patches.no_lists')}</dd>
        </div>
        <div>
          <dt>{t('patches.limits')}</dt>
          <dd>
            {t('patches.limits_of', {
              critical: formatNumber(patches.critical_days, language),
              other: formatNumber(patches.other_days, language),
            })}
          </dd>
        </div>
        <div>
          <dt>{t('patches.restart')}</dt>
          <dd>{t(patches.restart_required ? 'patches.restart_due' : 'patches.restart_none')}</dd>
        </div>
        <div>
          <dt>{t('patches.other')}</dt>
          <dd>{formatNumber(patches.other_count, language)}</dd>
        </div>
        {window ? (
          <div>
            <dt>{t('patches.window')}</dt>
            <dd>
              {t(`patches.window_${window.state}`)}
              {window.because ? ` (${window.because})` : ''}
              {window.ended_at ? (
                <>
                  {' · '}
                  {t('patches.window_installed', {
                    count: window.installed,
                    number: formatNumber(window.installed, language),
                  })}{' '}
                  <Time at={window.ended_at} />
                </>
              ) : null}
            </dd>
          </div>
        ) : null}
      </dl>
    </>
  );
}

function Except({ device, patch, onClose }: { device: string; patch: PendingPatch; onClose: () => void }) {
  const { t } = useLanguage();
  const except = useExceptPatch(device);
  return (
    <FormModal<{ reason: string; until: Dayjs }>
      title={t('patches.except_of', { name: patch.package })}
      ok={t('patches.except')}
      will={t('patches.except_will')}
      error={except.error}
      busy={except.isPending}
      onFinish={({ reason, until }) =>
        except.mutate(
          { name: patch.package, reason: reason.normalize('NFC').trim(), until: until.format('YYYY-MM-DD') },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('patches.reason')}
        rules={[{ required: true, whitespace: true, min: 5, message: t('patches.reason_needed') }]}
      >
        <Input.TextArea maxLength={1000} rows={3} />
      </Form.Item>
      <Form.Item
        name="until"
        label={t('patches.until')}
        rules={[{ required: true, message: t('services.needed') }]}
      >
        <DatePicker format="DD/MM/YYYY" minDate={dayjs()} maxDate={dayjs().add(366, 'day')} />
      </Form.Item>
    </FormModal>
  );
}

function End({ device, patch, onClose }: { device: string; patch: PendingPatch; onClose: () => void }) {
  const { t } = useLanguage();
  const end = useEndPatchException(device);
  return (
    <FormModal
      title={t('patches.end_of', { name: patch.package })}
      ok={t('patches.end')}
      will={patch.exception?.reason}
      error={end.error}
      busy={end.isPending}
      onFinish={() => end.mutate(patch.package, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function Vulnerabilities({ device }: { device: Device }) {
  const { t, local, language } = useLanguage();
  const [{ urgency }, setParams] = useParamsState('urgency');
  const query = useDeviceVulnerabilities(device.id, urgency);
  const sheet = useExportVulnerabilities({ urgency, device: device.id });
  return (
    <Loaded query={query} rows={6}>
      {(found) => (
        <Section
          title={t('nav.vulnerabilities')}
          extra={found.seq === null ? null : <SealLink seq={found.seq} />}
        >
          {found.unknown === 'none' ? null : (
            <Alert type="warning" showIcon className="stale-banner" title={local(found.title)} />
          )}
          <div className="filters">
            <UrgencyFilter value={urgency} onChange={(next) => setParams({ urgency: next })} />
            <span className="muted">
              {found.release} · {t('vulnerabilities.dated')}: <DateOnly at={found.list_dated} /> ·{' '}
              {t('vulnerabilities.counted', { number: formatNumber(found.items.length, language) })}
            </span>
            <span className="filters-end">
              <SheetButtons name={`lo-hong-${device.name}`} making={sheet} />
            </span>
          </div>
          <Matches
            matches={found.items}
            empty={t(
              found.unknown === 'none' ? 'vulnerabilities.none_here' : 'vulnerabilities.nothing_known',
            )}
          />
        </Section>
      )}
    </Loaded>
  );
}
