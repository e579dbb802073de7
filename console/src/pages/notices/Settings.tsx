// The mail server, official domains and the hosts that webhooks may call: as they are, and changing them, which takes two.
import { Alert, Button, Form, Input, InputNumber, Radio, Switch } from 'antd';
import { useState } from 'react';
import { useNoticeStanding, useSetNotices, useTestMail } from '~/api/notices';
import type { NoticeSettings, NoticeStanding } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Section } from '~/ui/Page';
import { Age, Time } from '~/ui/Time';
import { portOf, securities, settingsOf, type TypedSettings, typedOf } from './notice';

export function Settings() {
  const query = useNoticeStanding();
  return (
    <Loaded query={query} rows={6}>
      {(standing) => <Standing standing={standing} />}
    </Loaded>
  );
}

function Standing({ standing }: { standing: NoticeStanding }) {
  const { t, local, language } = useLanguage();
  const test = useTestMail();
  const [editing, setEditing] = useState(false);
  const { settings } = standing;
  const { mail } = settings;
  return (
    <Section
      title={t('notice.mail')}
      extra={
        <span className="notice-acts">
          <Button loading={test.isPending} disabled={!mail} onClick={() => test.mutate()}>
            {t('notice.test')}
          </Button>
          <MayButton
            action="notice_manage"
            whyNot={standing.may_change ? null : t('notice.not_here')}
            onClick={() => setEditing(true)}
          >
            {t('notice.edit')}
          </MayButton>
        </span>
      }
    >
      {test.error ? <ErrorNote error={test.error} /> : null}
      {test.data ? (
        <Alert
          type={test.data.ok ? 'success' : 'error'}
          showIcon
          role="status"
          title={local(test.data.text)}
        />
      ) : null}
      {standing.problem ? (
        <p className="overdue" data-problem="">
          {t('notice.last_problem')} {local(standing.problem)}
        </p>
      ) : null}
      <dl className="facts facts-row">
        <div>
          <dt>{t('notice.goes')}</dt>
          <dd>{t(mail?.enabled ? 'notice.on' : 'notice.off')}</dd>
        </div>
        <div>
          <dt>{t('notice.server')}</dt>
          <dd>
            {mail ? (
              <>
                <code>
                  {mail.host}:{mail.port}
                </code>{' '}
                · {t(`notice_security.${mail.security}`)}
              </>
            ) : (
              t('notice.no_server')
            )}
          </dd>
        </div>
        <div>
          <dt>{t('notice.sender')}</dt>
          <dd>{mail?.sender || '–'}</dd>
        </div>
        <div>
          <dt>{t('notice.last_sent')}</dt>
          <dd>
            <Age at={standing.last_sent} />
          </dd>
        </div>
        <div>
          <dt>{t('notice.waiting')}</dt>
          <dd>{formatNumber(standing.waiting, language)}</dd>
        </div>
        <div>
          <dt>{t('notice.failed')}</dt>
          <dd className={standing.failed > 0 ? 'overdue' : undefined}>
            {formatNumber(standing.failed, language)}
          </dd>
        </div>
        <div>
          <dt>{t('notice.domains')}</dt>
          <dd>{settings.domains.join(', ') || t('notice.no_domains')}</dd>
        </div>
        <div>
          <dt>{t('notice.hosts')}</dt>
          <dd>
            {settings.webhook_hosts.length === 0 ? t('notice.no_hosts') : null}
            <ul>
              {settings.webhook_hosts.map(({ host, networks }) => (
                <li key={host}>
                  <code>{host}</code> {networks.length > 0 ? networks.join(', ') : t('notice.public')}
                </li>
              ))}
            </ul>
          </dd>
        </div>
        {standing.changed_at ? (
          <div>
            <dt>{t('notice.changed_at')}</dt>
            <dd>
              <Time at={standing.changed_at} />
            </dd>
          </div>
        ) : null}
      </dl>
      {editing ? <Edit settings={settings} onClose={() => setEditing(false)} /> : null}
    </Section>
  );
}

function Edit({ settings, onClose }: { settings: NoticeSettings; onClose: () => void }) {
  const { t } = useLanguage();
  const keep = useSetNotices();
  const [form] = Form.useForm<TypedSettings>();
  return (
    <FormModal<TypedSettings>
      title={t('notice.edit')}
      ok={t('action.save')}
      will={t('notice.edit_will')}
      error={keep.error}
      busy={keep.isPending}
      proposed={keep.data}
      form={form}
      width={680}
      initial={typedOf(settings)}
      onChange={(changed) => {
        // A port that nobody chose follows the way to speak.
        const { security } = (changed as { mail?: Partial<TypedSettings['mail']> }).mail ?? {};
        if (security) form.setFieldValue(['mail', 'port'], portOf(security));
      }}
      onFinish={(values) =>
        keep.mutate(settingsOf(values), { onSuccess: (made) => (made.done ? onClose() : undefined) })
      }
      onClose={onClose}
    >
      <Form.Item name={['mail', 'enabled']} valuePropName="checked" label={t('notice.send_mail')}>
        <Switch />
      </Form.Item>
      <div className="form-line">
        <Form.Item name={['mail', 'host']} label={t('notice.server')} extra={t('notice.server_help')}>
          <Input maxLength={253} placeholder="mail.bimson.gov.vn" />
        </Form.Item>
        <Form.Item name={['mail', 'port']} label={t('notice.port')}>
          <InputNumber min={1} max={65_535} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name={['mail', 'security']} label={t('notice.security')}>
        <Radio.Group
          className="stacked"
          options={securities.map((each) => ({ value: each, label: t(`notice_security.${each}`) }))}
        />
      </Form.Item>
      <Form.Item name={['mail', 'sender']} label={t('notice.sender')}>
        <Input maxLength={254} placeholder="luy@bimson.gov.vn" inputMode="email" />
      </Form.Item>
      <div className="form-line">
        <Form.Item name={['mail', 'username']} label={t('notice.username')}>
          <Input maxLength={254} autoComplete="off" />
        </Form.Item>
        <Form.Item name={['mail', 'secret_file']} label={t('notice.secret_file')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name={['mail', 'ca_file']} label={t('notice.ca_file')}>
          <Input maxLength={64} />
        </Form.Item>
      </div>
      <p className="muted">{t('notice.files_help')}</p>
      <Form.Item name="domains" label={t('notice.domains')} extra={t('notice.domains_help')}>
        <Input.TextArea rows={2} placeholder="bimson.gov.vn" />
      </Form.Item>
      <Form.Item name="hosts" label={t('notice.hosts')} extra={t('notice.hosts_help')}>
        <Input.TextArea rows={3} placeholder="soc.thanhhoa.gov.vn 10.56.0.0/16" />
      </Form.Item>
    </FormModal>
  );
}
