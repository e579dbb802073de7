// Anybody reports what they see in a minute, without an account: what, where, when, a photo. They get a number and a secret
// to follow it.
import { Button, Form, Input, Radio, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import type { NewReport, ReportReceipt } from '~/api/incidentTypes';
import { useReportForm, useSendReport } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { FileButton } from '~/ui/FileButton';
import { base64Of } from '~/ui/files';
import { formatBytes } from '~/ui/format';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote, Loaded } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { PublicFrame } from './PublicFrame';
import { agencyOf, isAhead, photoProblem, photoTypes, reportOf, type Typed } from './report';

export default function ReportPage() {
  const { t } = useLanguage();
  const [receipt, setReceipt] = useState<ReportReceipt | null>(null);
  if (receipt) return <Receipt receipt={receipt} onAgain={() => setReceipt(null)} />;
  return (
    <PublicFrame title={t('report.title')} lead={t('report.lead')}>
      <ReportForm onSent={setReceipt} />
      <p className="session-note">
        <Link to="/bao-su-co/theo-doi">{t('report.follow_link')}</Link>
      </p>
    </PublicFrame>
  );
}

function ReportForm({ onSent }: { onSent: (receipt: ReportReceipt) => void }) {
  const { t, local, language } = useLanguage();
  const query = useReportForm();
  const send = useSendReport();
  const [photo, setPhoto] = useState<File | null>(null);
  const [params] = useSearchParams();
  const needed = [{ required: true, whitespace: true, message: t('report.needed') }];
  // Whoever sends from a phone sees the end of the page: what was refused is said there, and read out.
  const refusal = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!send.error) return;
    refusal.current?.scrollIntoView({ block: 'center' });
    refusal.current?.focus();
  }, [send.error]);
  return (
    <Loaded query={query} rows={6}>
      {(form) => {
        const wrong = photo ? photoProblem(photo, form.photo_bytes_max) : null;
        const finish = async (typed: Typed) => {
          if (wrong) {
            document.querySelector('.report-photo')?.scrollIntoView({ block: 'center' });
            return;
          }
          const body: NewReport = reportOf(typed, photo ? await base64Of(photo) : '');
          send.mutate(body, { onSuccess: onSent });
        };
        return (
          <Form<Typed>
            layout="vertical"
            requiredMark={false}
            initialValues={{
              agency: agencyOf(form.agencies, params.get('agency')),
              seen_at: new Date().toISOString(),
            }}
            onFinish={(typed) => void finish(typed)}
            scrollToFirstError
          >
            <Form.Item name="sign" label={t('report.sign')} rules={needed}>
              <Radio.Group
                className="stacked report-signs"
                options={form.signs.map((each) => ({ value: each.id, label: local(each.title) }))}
              />
            </Form.Item>
            <Form.Item name="what" label={t('report.what')} extra={t('report.what_help')} rules={needed}>
              <Input.TextArea rows={4} maxLength={4000} />
            </Form.Item>
            <Form.Item name="agency" label={t('report.agency')} rules={needed}>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                options={form.agencies.map((each) => ({ value: each.id, label: each.name }))}
              />
            </Form.Item>
            <Form.Item name="where" label={t('report.where')} extra={t('report.where_help')}>
              <Input maxLength={400} />
            </Form.Item>
            <Form.Item
              name="seen_at"
              label={t('report.seen')}
              rules={[
                ...needed,
                {
                  validator: (_, value: string) =>
                    value && isAhead(value, new Date())
                      ? Promise.reject(new Error(t('report.seen_ahead')))
                      : Promise.resolve(),
                },
              ]}
            >
              <MomentPicker allowClear={false} />
            </Form.Item>
            <Form.Item name="reporter" label={t('report.reporter')} extra={t('report.reporter_help')}>
              <Input maxLength={400} autoComplete="name" />
            </Form.Item>
            <div className="report-photo">
              <FileButton
                label={t('report.photo')}
                face={t(photo ? 'report.photo_another' : 'report.photo_choose')}
                accept={photoTypes.join(',')}
                chosen={photo?.name}
                problem={
                  wrong
                    ? t(`report.photo_${wrong}`, {
                        name: photo?.name,
                        size: formatBytes(form.photo_bytes_max, language),
                      })
                    : null
                }
                onFile={setPhoto}
              />
              {photo ? (
                <Button size="small" onClick={() => setPhoto(null)}>
                  {t('report.photo_drop')}
                </Button>
              ) : null}
            </div>
            <div ref={refusal} tabIndex={-1}>
              {send.error ? <ErrorNote error={send.error} /> : null}
            </div>
            <Button type="primary" htmlType="submit" block size="large" loading={send.isPending}>
              {t('report.send')}
            </Button>
          </Form>
        );
      }}
    </Loaded>
  );
}

function Receipt({ receipt, onAgain }: { receipt: ReportReceipt; onAgain: () => void }) {
  const { t } = useLanguage();
  return (
    <PublicFrame title={t('report.sent')} lead={t('report.sent_lead')}>
      <dl className="receipt">
        <dt>{t('report.number')}</dt>
        <dd>
          <strong data-testid="number">{receipt.number}</strong>
        </dd>
        <dt>{t('report.secret')}</dt>
        <dd>
          <strong data-testid="secret">{receipt.secret}</strong>
        </dd>
        <dt>{t('report.reported_at')}</dt>
        <dd>
          <Time at={receipt.reported_at} />
        </dd>
      </dl>
      <p className="will-happen">{t('report.keep_it')}</p>
      <div className="worklist-actions">
        <Copy text={`${receipt.number} ${receipt.secret}`} size="middle" />
        <Button onClick={onAgain}>{t('report.again')}</Button>
      </div>
      <p className="session-note">
        <Link to="/bao-su-co/theo-doi" state={{ number: receipt.number, secret: receipt.secret }}>
          {t('report.follow_link')}
        </Link>
      </p>
    </PublicFrame>
  );
}
