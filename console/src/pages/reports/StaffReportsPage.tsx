// The officers' queue of what staff reported: say that one has it, open a case, join one, or answer that it is none.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useIncidents } from '~/api/incidents';
import type { ReportStateName, StaffReport } from '~/api/incidentTypes';
import { photoPath, useFiles } from '~/api/papers';
import { useAgencies, useMay } from '~/api/queries';
import {
  useCaseFromReport,
  useJoinReport,
  useReceiveReport,
  useRefuseReport,
  useStaffReports,
} from '~/api/reports';
import { useLanguage } from '~/i18n';
import { saveBlob } from '~/ui/files';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Age, Time } from '~/ui/Time';
import './reports.css';

const states: readonly ReportStateName[] = ['fresh', 'received', 'in_case', 'declined'];
type Act = 'case' | 'join' | 'refuse';

// A sheet for the wall, of one agency.
function Poster({ agency }: { agency: string | undefined }) {
  const { t } = useLanguage();
  const files = useFiles();
  if (!agency) return <span className="muted">{t('report.poster_choose')}</span>;
  return (
    <>
      {files.error ? <ErrorNote error={files.error} /> : null}
      <Button
        loading={files.isPending}
        onClick={() =>
          files.mutate(
            {
              path: `/api/v1/reports/poster?${new URLSearchParams({ agency })}`,
              name: 'to-dan-bao-su-co.pdf',
            },
            { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
          )
        }
      >
        {t('report.poster')}
      </Button>
    </>
  );
}

export default function StaffReportsPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('state', 'agency', 'open');
  const agencies = useAgencies(useMay('agency_read'));
  const query = useStaffReports({ state: params.state, agency: params.agency });
  const [asked, setAsked] = useState<{ report: StaffReport; act: Act } | null>(null);
  const reports = query.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = params.open ? reports.filter((each) => each.id === params.open) : reports;
  return (
    <Page
      title={t('nav.staff_reports')}
      lead={t('report.queue_lead')}
      extra={
        <>
          <Poster
            agency={params.agency ?? (agencies.data?.length === 1 ? agencies.data[0]?.id : undefined)}
          />
          <Link to="/bao-su-co">{t('report.open_page')}</Link>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('filter.state')}</legend>
          <button
            type="button"
            aria-pressed={!params.state}
            onClick={() => setParams({ state: undefined, open: undefined })}
          >
            {t('filter.all')}
          </button>
          {states.map((state) => (
            <button
              key={state}
              type="button"
              aria-pressed={params.state === state}
              onClick={() => setParams({ state, open: undefined })}
            >
              {t(`report_state.${state}`)}
            </button>
          ))}
        </fieldset>
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            value={params.agency ?? ''}
            onChange={(agency) => setParams({ agency, open: undefined })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
      </div>
      <Loaded query={query} rows={6}>
        {() =>
          shown.length === 0 ? (
            <EmptyState why={t(params.state || params.agency ? 'report.none_found' : 'report.none')} />
          ) : (
            <ul className="worklist">
              {shown.map((report) => (
                <Report key={report.id} report={report} onAsk={(act) => setAsked({ report, act })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {query.hasNextPage ? (
        <p className="table-foot">
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('table.more')}
          </Button>
        </p>
      ) : null}
      {asked ? <ActDialog {...asked} onClose={() => setAsked(null)} /> : null}
    </Page>
  );
}

function Report({ report, onAsk }: { report: StaffReport; onAsk: (act: Act) => void }) {
  const { t, local } = useLanguage();
  const receive = useReceiveReport();
  const files = useFiles();
  const over = report.state === 'in_case' || report.state === 'declined';
  return (
    <li data-report={report.number}>
      <span className="worklist-title">
        <code>{report.number}</code> {local(report.sign_title)} · {t(`report_state.${report.state}`)}
      </span>
      <span className="worklist-meta">
        <span>{report.agency.name}</span>
        {report.where ? <span>{report.where}</span> : null}
        {report.reporter ? <span>{report.reporter}</span> : <span>{t('report.no_name')}</span>}
        <span>
          {t('report.seen_short')} <Time at={report.seen_at} />
        </span>
        <span>
          {t('report.reported_short')} <Age at={report.reported_at} />
        </span>
        {report.received_at ? (
          <span>
            {t('report.received_at')} <Time at={report.received_at} /> {report.received_by}
          </span>
        ) : null}
      </span>
      <p className="report-text pre-line wrap">{report.what}</p>
      {report.answer ? (
        <p className="muted pre-line">
          {t('report.answer')}: {report.answer}
        </p>
      ) : null}
      {receive.error || files.error ? <ErrorNote error={receive.error ?? files.error} /> : null}
      <div className="worklist-actions">
        {report.state === 'fresh' ? (
          <MayButton
            action="incident_handle"
            type="primary"
            loading={receive.isPending}
            onClick={() => receive.mutate(report.id)}
          >
            {t('report.receive')}
          </MayButton>
        ) : null}
        {over ? null : (
          <>
            <MayButton
              action="incident_handle"
              type={report.state === 'received' ? 'primary' : 'default'}
              onClick={() => onAsk('case')}
            >
              {t('report.open_case')}
            </MayButton>
            <MayButton action="incident_handle" onClick={() => onAsk('join')}>
              {t('report.join_case')}
            </MayButton>
            <MayButton action="incident_handle" onClick={() => onAsk('refuse')}>
              {t('report.refuse')}
            </MayButton>
          </>
        )}
        {report.photo ? (
          <Button
            loading={files.isPending}
            onClick={() =>
              files.mutate(
                { path: photoPath(report.id), name: report.number },
                {
                  onSuccess: ({ blob, name }) =>
                    saveBlob(`${name}.${blob.type.split('/')[1] ?? 'jpeg'}`, blob),
                },
              )
            }
          >
            {t('report.get_photo')}
          </Button>
        ) : null}
        {report.incident ? <Link to={`/incidents/${report.incident}`}>{t('report.see_case')}</Link> : null}
      </div>
    </li>
  );
}

function ActDialog({ report, act, onClose }: { report: StaffReport; act: Act; onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const open = useCaseFromReport();
  const join = useJoinReport();
  const refuse = useRefuseReport();
  const others = useIncidents({ open: 'true', agency: report.agency.id }, act === 'join');
  const cases = others.data?.pages.flatMap((page) => page.items) ?? [];
  const [form] = Form.useForm<{ text: string }>();
  const error = open.error ?? join.error ?? refuse.error;
  const finish = ({ text }: { text: string }) => {
    const clean = text.normalize('NFC').trim();
    if (act === 'case')
      open.mutate(
        { report: report.id, title: clean },
        { onSuccess: (made) => navigate(`/incidents/${made.id}`) },
      );
    else if (act === 'join')
      join.mutate(
        { report: report.id, incident: text },
        { onSuccess: (made) => navigate(`/incidents/${made.id}`) },
      );
    else refuse.mutate({ report: report.id, reason: clean }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t(`report_act.${act}`)}
      okText={t(`report_act.${act}`)}
      cancelText={t('action.cancel')}
      confirmLoading={open.isPending || join.isPending || refuse.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('text')?.focus()}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p>{t(`report_will.${act}`)}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ text: act === 'case' ? (report.what.split('\n')[0] ?? '').slice(0, 120) : '' }}
        onFinish={finish}
      >
        <Form.Item
          name="text"
          label={t(`report_field.${act}`)}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          {act === 'join' ? (
            <Select
              notFoundContent={t('incident.no_second')}
              options={cases.map((each) => ({ value: each.id, label: `${each.number} · ${each.title}` }))}
            />
          ) : act === 'refuse' ? (
            <Input.TextArea rows={3} maxLength={4000} />
          ) : (
            <Input maxLength={400} />
          )}
        </Form.Item>
      </Form>
    </Modal>
  );
}
