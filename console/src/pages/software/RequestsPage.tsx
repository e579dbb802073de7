// Staff ask for software and see the answer; officers decide here.
import { Button, Checkbox, Form, Input, Modal, Segmented } from 'antd';
import { useState } from 'react';
import {
  useApproveRequest,
  useAskForSoftware,
  useRefuseRequest,
  useSoftwareRequests,
  useTakeBackRequest,
} from '~/api/software';
import type { LicenceKind, NewSoftwareRequest, SoftwareRequest, SoftwareRequestState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { LicenceFields, type LicenceValues, licenceOf } from './LicenceFields';
import { packagesOf } from './request';
import './software.css';

const states: readonly SoftwareRequestState[] = ['waiting', 'approved', 'refused', 'withdrawn'];
const sign: Record<SoftwareRequestState, 'due' | 'kept' | 'violated' | 'not_applicable'> = {
  waiting: 'due',
  approved: 'kept',
  refused: 'violated',
  withdrawn: 'not_applicable',
};

type Asked = { request: SoftwareRequest; act: 'approve' | 'refuse' | 'take_back' };

export default function RequestsPage() {
  const { t, language } = useLanguage();
  const [{ state, mine }, setParams] = useParamsState('state', 'mine');
  const query = useSoftwareRequests({ state, mine: mine === '1' });
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useColumns(setAsked);
  return (
    <Page
      title={t('nav.software_requests')}
      lead={t('control.requests_lead')}
      extra={
        <MayButton action="software_request" type="primary" onClick={() => setAsking(true)}>
          {t('control.ask')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <Segmented
          aria-label={t('control.state')}
          value={state ?? 'all'}
          onChange={(next) => setParams({ state: next === 'all' ? undefined : String(next) })}
          options={[
            { value: 'all', label: t('filter.all') },
            ...states.map((name) => ({
              value: name,
              label:
                name === 'waiting' && query.data
                  ? `${t('control.request_state.waiting')} (${formatNumber(query.data.waiting, language)})`
                  : t(`control.request_state.${name}`),
            })),
          ]}
        />
        <Checkbox
          checked={mine === '1'}
          onChange={(event) => setParams({ mine: event.target.checked ? '1' : undefined })}
        >
          {t('control.mine_only')}
        </Checkbox>
      </div>
      <Loaded query={query} rows={8}>
        {({ items }) => (
          <DataTable
            label={t('nav.software_requests')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={
              <EmptyState why={state || mine ? t('control.requests_none') : t('control.requests_empty')} />
            }
          />
        )}
      </Loaded>
      {asking ? <Ask onClose={() => setAsking(false)} /> : null}
      {asked?.act === 'approve' ? <Approve request={asked.request} onClose={() => setAsked(null)} /> : null}
      {asked?.act === 'refuse' ? <Refuse request={asked.request} onClose={() => setAsked(null)} /> : null}
      {asked?.act === 'take_back' ? (
        <TakeBack request={asked.request} onClose={() => setAsked(null)} />
      ) : null}
    </Page>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const ask = useAskForSoftware();
  const [form] = Form.useForm<NewSoftwareRequest>();
  const needed = [{ required: true, whitespace: true, message: t('control.needed') }];
  const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
  return (
    <Modal
      open
      title={t('control.ask_title')}
      okText={t('control.ask_send')}
      cancelText={t('action.cancel')}
      confirmLoading={ask.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {ask.error ? <ErrorNote error={ask.error} /> : null}
      <Form<NewSoftwareRequest>
        form={form}
        layout="vertical"
        onFinish={(values) =>
          ask.mutate(
            {
              product: clean(values.product),
              versions: clean(values.versions),
              why: clean(values.why),
              device: clean(values.device),
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="product"
          label={t('control.ask_product')}
          extra={t('control.ask_product_help')}
          rules={needed}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="versions" label={t('control.ask_versions')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="why" label={t('control.ask_why')} rules={needed}>
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
        <Form.Item
          name="device"
          label={t('control.ask_device')}
          extra={t('control.ask_device_help')}
          rules={needed}
        >
          <Input maxLength={200} />
        </Form.Item>
      </Form>
      <p className="will-happen">{t('control.ask_will')}</p>
    </Modal>
  );
}

interface ApproveValues extends LicenceValues {
  packages: string;
  note?: string;
  licence_kind?: LicenceKind;
}

function Approve({ request, onClose }: { request: SoftwareRequest; onClose: () => void }) {
  const { t, language } = useLanguage();
  const approve = useApproveRequest();
  const [form] = Form.useForm<ApproveValues>();
  const [values, setValues] = useState<Partial<ApproveValues>>({});
  const packages = packagesOf(values.packages ?? '');
  return (
    <Modal
      open
      width={620}
      title={t('control.approve_title', { product: request.product })}
      okText={t('control.approve')}
      okButtonProps={{ disabled: packages.length === 0 }}
      cancelText={t('action.cancel')}
      confirmLoading={approve.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {approve.error ? <ErrorNote error={approve.error} /> : null}
      <p>
        {request.asked_by} · {request.device} · {request.why}
      </p>
      <Form<ApproveValues>
        form={form}
        layout="vertical"
        onValuesChange={(_, all) => setValues(all)}
        onFinish={(filled) =>
          approve.mutate(
            {
              wish: request.id,
              body: {
                products: packagesOf(filled.packages),
                licence: licenceOf(filled),
                note: (filled.note ?? '').normalize('NFC').trim(),
              },
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="packages"
          label={t('control.approve_packages')}
          extra={t('control.approve_packages_help')}
        >
          <Input.TextArea rows={3} className="code-input" />
        </Form.Item>
        <LicenceFields kind={values.licence_kind} />
        <Form.Item name="note" label={t('control.approve_note')}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
      </Form>
      <p className="will-happen">
        {t('control.approve_will', {
          count: packages.length,
          number: formatNumber(packages.length, language),
          agency: request.agency.name,
          who: request.asked_by,
        })}
      </p>
    </Modal>
  );
}

function Refuse({ request, onClose }: { request: SoftwareRequest; onClose: () => void }) {
  const { t } = useLanguage();
  const refuse = useRefuseRequest();
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      title={t('control.refuse_title', { product: request.product })}
      okText={t('control.refuse')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={refuse.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {refuse.error ? <ErrorNote error={refuse.error} /> : null}
      <Form<{ reason: string }>
        form={form}
        layout="vertical"
        onFinish={({ reason }) =>
          refuse.mutate({ wish: request.id, reason: reason.normalize('NFC').trim() }, { onSuccess: onClose })
        }
      >
        <Form.Item
          name="reason"
          label={t('control.refuse_reason')}
          rules={[{ required: true, whitespace: true, min: 3, message: t('control.needed') }]}
        >
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
      <p className="will-happen">{t('control.refuse_will', { who: request.asked_by })}</p>
    </Modal>
  );
}

function TakeBack({ request, onClose }: { request: SoftwareRequest; onClose: () => void }) {
  const { t } = useLanguage();
  const takeBack = useTakeBackRequest();
  return (
    <Modal
      open
      title={t('control.take_back_title', { product: request.product })}
      okText={t('control.take_back')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={takeBack.isPending}
      onCancel={onClose}
      onOk={() => takeBack.mutate(request.id, { onSuccess: onClose })}
    >
      {takeBack.error ? <ErrorNote error={takeBack.error} /> : null}
      <p className="will-happen">{t('control.take_back_will')}</p>
    </Modal>
  );
}

function Answer({ request, onAct }: { request: SoftwareRequest; onAct: (asked: Asked) => void }) {
  const { t } = useLanguage();
  if (request.may_decide || (request.mine && request.state === 'waiting')) {
    return (
      <span className="value-list">
        {request.may_decide ? (
          <>
            <Button size="small" type="primary" onClick={() => onAct({ request, act: 'approve' })}>
              {t('control.approve')}
            </Button>
            <Button size="small" onClick={() => onAct({ request, act: 'refuse' })}>
              {t('control.refuse')}
            </Button>
          </>
        ) : null}
        {request.mine ? (
          <Button size="small" onClick={() => onAct({ request, act: 'take_back' })}>
            {t('control.take_back')}
          </Button>
        ) : null}
      </span>
    );
  }
  const names = request.approvals.map((each) => each.product).join(', ');
  return (
    <span className="two-lines">
      {request.reason ? <span>{request.reason}</span> : null}
      {names ? <span className="muted">{t('control.became', { names })}</span> : null}
      {request.decided_by ? (
        <span className="muted">
          {request.decided_by} · <Time at={request.decided_at} />
        </span>
      ) : null}
    </span>
  );
}

function useColumns(onAct: (asked: Asked) => void): Column<SoftwareRequest>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'product',
      title: t('control.wanted'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>
            {row.product} {row.versions}
          </span>
          <span className="muted">{row.device}</span>
        </span>
      ),
    },
    { key: 'why', title: t('control.why'), render: (row) => row.why },
    {
      key: 'asked',
      title: t('control.asked'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.asked_by}</span>
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    { key: 'at', title: t('control.asked_at'), width: 150, render: (row) => <Time at={row.asked_at} /> },
    {
      key: 'state',
      title: t('control.state'),
      width: 140,
      render: (row) => (
        <span className={`state-tag state-${sign[row.state]}`}>
          <StateIcon state={sign[row.state]} />
          {t(`control.request_state.${row.state}`)}
        </span>
      ),
    },
    { key: 'answer', title: t('control.answer'), render: (row) => <Answer request={row} onAct={onAct} /> },
  ];
}
