// A restore in steps: what and from when, what it would write and write over, then the request that takes two people.
import { Alert, DatePicker, Form, Input, Radio } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import {
  type BackupResult,
  type NewRestore,
  useDeviceBackups,
  useOrderBackup,
  useRestore,
} from '~/api/backups';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatBytes, formatNumber } from '~/ui/format';
import { Loading } from '~/ui/Page';
import { useBecause } from './PartState';

interface Values {
  paths?: string;
  at?: Dayjs;
  place: 'folder' | 'in_place';
  destination?: string;
  reason: string;
}

const linesOf = (text?: string) =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export function RestoreWizard({
  device,
  set,
  filesSet,
  onClose,
}: {
  device: string;
  set: string;
  filesSet: boolean;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const preview = useOrderBackup(device);
  const restore = useRestore(device);
  const [wanted, setWanted] = useState<NewRestore | null>(null);
  const results = useDeviceBackups(device).data?.results ?? [];
  const request = preview.data?.request;
  const seen = request ? results.find((one) => one.request === request) : undefined;
  const ready = seen?.because === '';
  const ask = (values: Values) => {
    const body: NewRestore = { set, reason: values.reason };
    const paths = linesOf(values.paths);
    if (paths.length > 0) body.paths = paths;
    if (values.at) body.at = values.at.toISOString();
    if (values.place === 'folder') body.destination = (values.destination ?? '').trim();
    setWanted(body);
    preview.mutate({ ...body, type: 'preview_restore' });
  };
  const send = () => {
    if (!wanted) return;
    // The very copy that was looked at, whatever was backed up since.
    restore.mutate(seen?.snapshot ? { ...wanted, snapshot: String(seen.snapshot) } : wanted);
  };
  return (
    <FormModal<Values>
      title={t('backups.restore_of', { set })}
      ok={t(wanted ? 'backups.restore_ask' : 'backups.preview')}
      will={t(wanted ? 'backups.restore_will' : 'backups.preview_will')}
      danger={wanted !== null}
      disabled={wanted !== null && !ready}
      error={preview.error ?? restore.error}
      busy={preview.isPending || restore.isPending}
      proposed={restore.data ? { done: restore.data.act === null, act: restore.data.act } : undefined}
      done={t('backups.restore_sent')}
      initial={{ place: 'folder' }}
      onFinish={wanted ? send : ask}
      onClose={onClose}
      width={720}
    >
      {wanted ? (
        <Preview result={seen} />
      ) : (
        <>
          <Form.Item name="paths" label={t('backups.paths')} extra={t('backups.paths_extra')}>
            <Input.TextArea rows={3} />
          </Form.Item>
          <Form.Item name="at" label={t('backups.at')} extra={t('backups.at_extra')}>
            <DatePicker showTime format="DD/MM/YYYY HH:mm" />
          </Form.Item>
          <Form.Item name="place" label={t('backups.where')}>
            <Radio.Group
              options={[
                { value: 'folder', label: t('backups.into_folder') },
                { value: 'in_place', label: t('backups.in_place'), disabled: !filesSet },
              ]}
            />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {({ getFieldValue }) =>
              getFieldValue('place') === 'folder' ? (
                <Form.Item
                  name="destination"
                  label={t('backups.destination')}
                  rules={[{ required: true, pattern: /^\/.+/, message: t('backups.destination_needed') }]}
                >
                  <Input placeholder="/srv/phuc-hoi" />
                </Form.Item>
              ) : null
            }
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('backups.reason')}
            rules={[{ required: true, min: 3, message: t('backups.reason_needed') }]}
          >
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </>
      )}
    </FormModal>
  );
}

function Preview({ result }: { result: BackupResult | undefined }) {
  const { t, language } = useLanguage();
  const because = useBecause();
  if (!result)
    return (
      <>
        <p>{t('backups.preview_waits')}</p>
        <Loading rows={3} />
      </>
    );
  if (result.because) return <Alert type="error" showIcon title={because(String(result.because))} />;
  const items = result.items ?? [];
  return (
    <>
      <p>
        {t('backups.preview_sum', {
          files: formatNumber(result.files ?? 0, language),
          bytes: formatBytes(result.bytes ?? 0, language),
          overwritten: formatNumber(result.overwritten ?? 0, language),
        })}
      </p>
      <DataTable
        label={t('backups.preview')}
        columns={[
          { key: 'path', title: t('backups.file'), primary: true, render: (row) => <code>{row.path}</code> },
          {
            key: 'bytes',
            title: t('backups.size'),
            align: 'right',
            width: 110,
            render: (row) => formatBytes(row.bytes, language),
          },
          {
            key: 'fate',
            title: t('backups.fate'),
            width: 130,
            render: (row) => t(`backup_fate.${row.fate}`),
          },
        ]}
        rows={items}
        rowKey={(row) => row.path}
      />
      {items.length < (result.files ?? 0) ? <p className="muted">{t('backups.preview_more')}</p> : null}
    </>
  );
}
