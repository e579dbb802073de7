// Approves everything installed on one machine now: only after somebody looked at the list, and says so in the note.
import { Checkbox, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useApproveBaseline } from '~/api/changes';
import { useBaseline } from '~/api/software';
import type { BaselineReview, Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { ErrorNote, Loaded } from '~/ui/Page';
import { DateOnly } from '~/ui/Time';

interface Values {
  note: string;
  expires_on: Dayjs | null;
}

export function BaselineModal({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t, language } = useLanguage();
  const approve = useApproveBaseline();
  const review = useBaseline(device.id);
  // Until somebody touches the list: everything but what should not be taken unseen.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const lines = review.data?.software ?? [];
  const names = [...new Set(lines.map((each) => each.software.name))];
  const suspicious = new Set(lines.filter((each) => each.suspicious).map((each) => each.software.name));
  const taken = chosen ?? new Set(names.filter((name) => !suspicious.has(name)));
  const [reviewed, setReviewed] = useState(false);
  const [form] = Form.useForm<Values>();
  const count = review.data ? names.filter((name) => taken.has(name)).length : undefined;
  const columns = useColumns();
  return (
    <Modal
      open
      width={860}
      title={t('software.baseline_title', { name: device.name })}
      okText={t('software.baseline_do')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !reviewed || !count }}
      confirmLoading={approve.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {approve.error ? <ErrorNote error={approve.error} /> : null}
      <p>{t('software.baseline_help')}</p>
      <Loaded query={review} rows={5}>
        {() =>
          names.length === 0 ? (
            <p>{t('control.baseline_all_approved')}</p>
          ) : (
            <div className="baseline-list">
              <p>{t('control.baseline_list')}</p>
              <DataTable
                label={t('control.baseline_list')}
                columns={columns}
                rows={[...lines].sort((a, b) => Number(b.suspicious) - Number(a.suspicious))}
                rowKey={(row) => row.software.name}
                selected={{
                  keys: taken,
                  change: setChosen,
                  label: (row) => t('software.pick', { name: row.software.name }),
                }}
              />
            </div>
          )
        }
      </Loaded>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ note: '', expires_on: null }}
        onFinish={(values) =>
          approve.mutate(
            {
              device: device.id,
              note: values.note.normalize('NFC').trim(),
              expires_on: values.expires_on?.format('YYYY-MM-DD') ?? null,
              except: names.filter((name) => !taken.has(name)),
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="note"
          label={t('software.baseline_note')}
          rules={[{ required: true, whitespace: true, message: t('software.baseline_note_needed') }]}
        >
          <Input.TextArea rows={2} maxLength={1000} placeholder={t('software.baseline_note_placeholder')} />
        </Form.Item>
        <Form.Item name="expires_on" label={t('software.expires')} extra={t('software.expires_help')}>
          <DatePicker format="DD/MM/YYYY" />
        </Form.Item>
      </Form>
      <p className="will-happen">
        {count === undefined
          ? t('page.loading')
          : t('software.baseline_will', { count, number: formatNumber(count, language), name: device.name })}
      </p>
      <Checkbox checked={reviewed} onChange={(event) => setReviewed(event.target.checked)}>
        {t('software.baseline_reviewed')}
      </Checkbox>
    </Modal>
  );
}

type Line = BaselineReview['software'][number];

function useColumns(): Column<Line>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('software.product'),
      primary: true,
      render: ({ software }) => (
        <span className="two-lines">
          <code>{software.name}</code>
          <code className="muted">{software.version}</code>
        </span>
      ),
    },
    {
      key: 'look',
      title: t('control.recognised'),
      render: ({ suspicious, mark, by_hand }) =>
        suspicious ? (
          <span className="security-update">
            {t('control.baseline_suspicious')}: {mark?.label}
          </span>
        ) : by_hand ? (
          t('control.baseline_by_hand')
        ) : (
          <span className="muted">{t('control.baseline_came')}</span>
        ),
    },
    { key: 'by', title: t('control.installed_by'), render: ({ software }) => software.installed_by },
    {
      key: 'at',
      title: t('control.installed_at'),
      render: ({ software }) => <DateOnly at={software.installed_at ?? software.first_seen} />,
    },
  ];
}
