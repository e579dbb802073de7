// One rule: what it looks for and means, whether it is armed and who switched it, its exceptions, its hits, its text.
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useAddException, useRemoveException, useRule, useSwitchRule } from '~/api/findings';
import { useAgencies, useMay } from '~/api/queries';
import type { RuleDetail, RuleException } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { SeverityTag } from '~/ui/SeverityTag';
import { Age, Time } from '~/ui/Time';
import '../findings/findings.css';
import './rules.css';

export default function RulePage() {
  const { t, local } = useLanguage();
  const { rule: id = '' } = useParams();
  const navigate = useNavigate();
  const query = useRule(id);
  const [switching, setSwitching] = useState(false);
  const rule = query.data;
  return (
    <Page
      title={rule ? local(rule.title) : t('rules.one')}
      lead={rule ? <SeverityTag severity={rule.level} /> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
      extra={
        rule ? (
          <>
            {rule.origin === 'local' ? (
              <MayButton
                action="rule_manage"
                onClick={() => navigate(`/rules/new?from=${encodeURIComponent(id)}`)}
              >
                {t('rules.edit')}
              </MayButton>
            ) : null}
            <MayButton action="rule_manage" onClick={() => setSwitching(true)}>
              {t(rule.enabled ? 'rules.switch_off' : 'rules.switch_on')}
            </MayButton>
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(data) => (
          <>
            <Facts rule={data} />
            <Meaning rule={data} />
            <Exceptions rule={data} />
            <Section title={t('rules.text')}>
              <ScrollRegion label={t('rules.text')} className="rule-text">
                <pre>{data.yaml}</pre>
              </ScrollRegion>
            </Section>
            {switching ? <Switch rule={data} onClose={() => setSwitching(false)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ rule }: { rule: RuleDetail }) {
  const { t, language } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('rules.armed')}</dt>
        <dd>
          {t(!rule.enabled ? 'rules.off' : rule.fed ? 'rules.on' : 'rules.unfed')}
          {rule.switched ? (
            <span className="muted">
              {' – '}
              {rule.switched.by}, <Time at={rule.switched.at} />: {rule.switched.reason}
            </span>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>{t('rules.origin')}</dt>
        <dd>
          {t(`rule_origin.${rule.origin}`)}
          {rule.version > 0 ? ` · ${t('rules.version', { version: rule.version })}` : ''}
        </dd>
      </div>
      {rule.fed_by.length > 0 ? (
        <div>
          <dt>{t('rules.fed_by')}</dt>
          <dd>{rule.fed_by.join(', ')}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t('rules.hits')}</dt>
        <dd>
          <Link to={`/findings?state=all&rule=${encodeURIComponent(rule.id)}`}>
            {formatNumber(rule.hits_30d, language)}
          </Link>
        </dd>
      </div>
      <div>
        <dt>{t('rules.last_hit')}</dt>
        <dd>
          <Age at={rule.last_hit} />
        </dd>
      </div>
      {rule.attack.length > 0 ? (
        <div>
          <dt>ATT&CK</dt>
          <dd>{rule.attack.map((each) => `${each.id} ${each.name}`).join('; ')}</dd>
        </div>
      ) : null}
      {rule.articles.length > 0 ? (
        <div>
          <dt>{t('home.article')}</dt>
          <dd>{rule.articles.join('; ')}</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Meaning({ rule }: { rule: RuleDetail }) {
  const { t, local } = useLanguage();
  const steps = rule.first_steps.map(local);
  const alarms = rule.false_positives.map(local);
  return (
    <>
      <Section title={t('rules.meaning')}>
        <p className="story">{local(rule.meaning)}</p>
        {rule.description ? <p className="story muted">{rule.description}</p> : null}
      </Section>
      {steps.length > 0 ? (
        <Section title={t('findings.first_steps')}>
          <ol className="first-steps">
            {steps.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
        </Section>
      ) : null}
      {alarms.length > 0 ? (
        <Section title={t('findings.false_positives')}>
          <ul className="first-steps">
            {alarms.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

function Switch({ rule, onClose }: { rule: RuleDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const change = useSwitchRule(rule.id);
  const [form] = Form.useForm<{ reason: string }>();
  const off = rule.enabled;
  const waits = change.data && !change.data.done;
  const title = t(off ? 'rules.switch_off' : 'rules.switch_on');
  return (
    <Modal
      open
      title={title}
      okText={waits ? t('action.close') : title}
      cancelText={t('action.cancel')}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() => (waits ? onClose() : form.submit())}
      afterOpenChange={(open) => open && form.getFieldInstance('reason')?.focus()}
    >
      {change.error ? <ErrorNote error={change.error} /> : null}
      {waits ? (
        <p role="status">
          {t('rules.waits')} <Link to="/acts">{t('nav.acts')}</Link>
        </p>
      ) : (
        <>
          <p>{t(off ? (rule.takes_two ? 'rules.off_takes_two' : 'rules.off_will') : 'rules.on_will')}</p>
          <Form
            form={form}
            layout="vertical"
            initialValues={{ reason: '' }}
            onFinish={({ reason }) =>
              change.mutate(
                { enabled: !off, reason: reason.normalize('NFC').trim() },
                { onSuccess: (answer) => answer?.done && onClose() },
              )
            }
          >
            <Form.Item
              name="reason"
              label={t('rules.reason')}
              rules={[{ required: true, whitespace: true, message: t('findings.reason_missing') }]}
            >
              <Input.TextArea rows={3} maxLength={1000} />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}

function Exceptions({ rule }: { rule: RuleDetail }) {
  const { t } = useLanguage();
  const [adding, setAdding] = useState(false);
  const remove = useRemoveException(rule.id);
  const columns: Column<RuleException>[] = [
    { key: 'filter', title: t('rules.filter'), primary: true, render: (row) => <code>{row.filter}</code> },
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
        <MayButton action="rule_manage" onClick={() => setAdding(true)}>
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
      {adding ? <AddException rule={rule} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

interface Values {
  agency: string;
  filter: string;
  reason: string;
  until: Dayjs;
}

function AddException({ rule, onClose }: { rule: RuleDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  const add = useAddException(rule.id);
  const [form] = Form.useForm<Values>();
  const needed = [{ required: true, whitespace: true, message: t('findings.reason_missing') }];
  return (
    <Modal
      open
      width={640}
      title={t('rules.add_exception')}
      okText={t('rules.add_exception')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      <p>{t('rules.exception_help')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ agency: '', filter: '', reason: '', until: dayjs().add(30, 'day').endOf('day') }}
        onFinish={(values) =>
          add.mutate(
            {
              agency: values.agency || null,
              filter: values.filter,
              reason: values.reason.normalize('NFC').trim(),
              expires_at: values.until.endOf('day').toISOString(),
            },
            { onSuccess: onClose },
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
    </Modal>
  );
}
