// What became of one's report, for whoever holds its number and secret.
import { Button, Form, Input } from 'antd';
import { Link, useLocation } from 'react-router-dom';
import { useFollowReport } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { PublicFrame } from './PublicFrame';
import { numberOf } from './report';

interface Typed {
  number: string;
  secret: string;
}

export default function FollowPage() {
  const { t, local } = useLanguage();
  // Kept in the browser's history entry, never in the address.
  const known = useLocation().state as Partial<Typed> | null;
  const follow = useFollowReport();
  const found = follow.data;
  const needed = [{ required: true, whitespace: true, message: t('report.needed') }];
  return (
    <PublicFrame title={t('report.follow')} lead={t('report.follow_lead')}>
      {follow.error ? <ErrorNote error={follow.error} /> : null}
      <Form<Typed>
        layout="vertical"
        requiredMark={false}
        initialValues={{ number: known?.number ?? '', secret: known?.secret ?? '' }}
        onFinish={({ number, secret }) =>
          follow.mutate({ number: numberOf(number), secret: secret.trim().toUpperCase() })
        }
      >
        <Form.Item
          name="number"
          label={t('report.number')}
          rules={[
            ...needed,
            {
              validator: (_, value: string) =>
                !value || /^TB-\d{4}-\d{1,8}$/.test(numberOf(value))
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('report.number_wrong'))),
            },
          ]}
        >
          <Input autoComplete="off" maxLength={24} placeholder="TB-2026-0042" />
        </Form.Item>
        <Form.Item name="secret" label={t('report.secret')} rules={needed}>
          <Input autoComplete="off" autoCapitalize="characters" maxLength={40} placeholder="XXXX-XXXX-XXXX" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={follow.isPending}>
          {t('report.look')}
        </Button>
      </Form>
      {found ? (
        <dl className="receipt" aria-live="polite">
          <dt>{t('report.state')}</dt>
          <dd>
            <strong data-state={found.state}>
              {t(
                found.state !== 'in_case'
                  ? `report_state.${found.state}`
                  : found.over
                    ? 'report.over'
                    : 'report.under_way',
              )}
            </strong>
          </dd>
          <dt>{t('report.agency')}</dt>
          <dd>{found.agency.name}</dd>
          <dt>{t('report.reported_at')}</dt>
          <dd>
            <Time at={found.reported_at} />
          </dd>
          <dt>{t('report.received_at')}</dt>
          <dd>{found.received_at ? <Time at={found.received_at} /> : t('report.not_received')}</dd>
          {found.step ? (
            <>
              <dt>{t(found.over ? 'report.ended' : 'report.step')}</dt>
              <dd>{local(found.step)}</dd>
            </>
          ) : null}
          {found.ended_at ? (
            <>
              <dt>{t('report.ended_at')}</dt>
              <dd>
                <Time at={found.ended_at} />
              </dd>
            </>
          ) : null}
          {found.answer ? (
            <>
              <dt>{t('report.answer')}</dt>
              <dd className="pre-line">{found.answer}</dd>
            </>
          ) : null}
        </dl>
      ) : null}
      <p className="session-note">
        <Link to="/bao-su-co">{t('report.again')}</Link>
      </p>
    </PublicFrame>
  );
}
