// Where a rule does not count: its exceptions, each with a reason and an end; adding and ending them.
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useAddException, useRemoveException } from '~/api/findings';
import { useAgencies, useMay } from '~/api/queries';
import type { RuleDetail, RuleException } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';

export function Exceptions({
  rule,
  draft,
  onDraftDone,
}: {
  rule: RuleDetail;
  draft: string | undefined; // A filter drafted from false alarms, to be looked at and added.
  onDraftDone: () => void;
}) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState(false);
  const adding = asked || draft !== undefined;
  const remove = useRemoveException(rule.id);
  const columns: Column<RuleException>[] = [
    {
      key: 'filter',
      title: t('rules.filter'),
      primary: true,
      render: (row) => <code className="rule-filter">{row.filter}</code>,
    },
    {
      key: 'agency',
      title: t('filter.agency'),
      render: (row) => row.agency?.name ?? t('filter.all_agencies'),
    },
    {
      key: 'reason',
      title: t('rules.reason'),
      render: (row) => (
        <span className="two-lines">
          {row.reason}
          <span className="muted">
            {row.by}, <Time at={row.at} />
          </span>
        </span>
      ),
    },
    { key: 'expires', title: t('rules.expires'), width: 170, render: (row) => <Time at={row.expires_at} /> },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('rules.end_exception')}</span>,
      width: 120,
      align: 'right',
      render: (row) => (
        <MayButton
          action="rule_manage"
          size="small"
          loading={remove.isPending && remove.variables === row.id}
          onClick={() => remove.mutate(row.id)}
        >
          {t('rules.end_exception')}
        </MayButton>
      ),
    },
  ];
  return (
    <Section
      title={t('rules.exceptions')}
      extra={
        <MayButton action="rule_manage" onClick={() => setAsked(true)}>
          {t('rules.add_exception')}
        </MayButton>
      }
    >
      {remove.error ? <ErrorNote error={remove.error} /> : null}
      <DataTable
        label={t('rules.exceptions')}
        columns={columns}
        rows={rule.exception_list}
        rowKey={(row) => row.id}
        empty={<EmptyState why={t('rules.no_exceptions')} />}
      />
      {adding ? (
        <AddException
          rule={rule}
          draft={draft ?? ''}
          onClose={() => {
            setAsked(false);
            if (draft !== undefined) onDraftDone();
          }}
        />
      ) : null}
    </Section>
  );
}

interface Values {
  agency: string;
  filter: string;
  reason: string;
  until: Dayjs;
}

function AddException({ rule, draft, onClose }: { rule: RuleDetail; draft: string; onClose: () => void }) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  const add = useAddException(rule.id);
  const [form] = Form.useForm<Values>();
  const waits = add.data && 'done' in add.data && !add.data.done;
  const needed = [{ required: true, whitespace: true, message: t('findings.reason_missing') }];
  return (
    <Modal
      open
      width={640}
      title={t('rules.add_exception')}
      okText={t(waits ? 'action.close' : 'rules.add_exception')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => (waits ? onClose() : form.submit())}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      {waits ? (
        <p role="status">
          {t('rules.waits')} <Link to="/acts">{t('nav.acts')}</Link>
        </p>
      ) : (
        <>
          <p>{t('rules.exception_help')}</p>
          {rule.exception_takes_two ? <p className="will-happen">{t('exception_takes_two')}</p> : null}
          <Form<Values>
            form={form}
            layout="vertical"
            initialValues={{
              agency: '',
              filter: draft,
              reason: '',
              until: dayjs().add(30, 'day').endOf('day'),
            }}
            onFinish={(values) =>
              add.mutate(
                {
                  agency: values.agency || null,
                  filter: values.filter,
                  reason: values.reason.normalize('NFC').trim(),
                  expires_at: values.until.endOf('day').toISOString(),
                },
                { onSuccess: (added) => !('done' in added && !added.done) && onClose() },
              )
            }
          >
            <Form.Item name="agency" label={t('filter.agency')}>
              <Select
                options={[
                  { value: '', label: t('filter.all_agencies') },
                  ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
                ]}
              />
            </Form.Item>
            <Form.Item name="filter" label={t('rules.filter')} extra={t('rules.filter_help')} rules={needed}>
              <Input.TextArea rows={4} maxLength={4000} className="rule-editor" spellCheck={false} />
            </Form.Item>
            <Form.Item name="reason" label={t('rules.reason')} rules={needed}>
              <Input.TextArea rows={2} maxLength={1000} />
            </Form.Item>
            <Form.Item name="until" label={t('rules.expires')} rules={[{ required: true }]}>
              <DatePicker format="DD/MM/YYYY" minDate={dayjs()} allowClear={false} />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
