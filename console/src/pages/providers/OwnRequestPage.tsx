// A request as the provider who is to answer it sees it.
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useAnswerRequest, useAskDelay, useNoteRequest, useOwnRequest } from '~/api/providers';
import type { OwnProviderRequest, ProviderFile } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { written } from '~/ui/text';
import { FileHashes } from './FileHashes';
import { Answers, History, RequestState, Wanted } from './RequestParts';
import { ownActsOf } from './request';
import './providers.css';

export default function OwnRequestPage() {
  const { t, local } = useLanguage();
  const { request: id = '' } = useParams();
  const query = useOwnRequest(id);
  const { data } = query;
  return (
    <Page
      title={data ? data.number : t('provider.request')}
      lead={data ? `${local(data.kind_title)} · ${data.agency}` : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/">{t('provider.home_title')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(request) => (
          <>
            <Own request={request} />
            <Wanted request={request} />
            <Answers request={request} />
            <History request={request} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Own({ request }: { request: OwnProviderRequest }) {
  const { t } = useLanguage();
  const note = useNoteRequest(request.id);
  const [asked, setAsked] = useState<'answer' | 'delay' | null>(null);
  return (
    <Section
      title={t('provider.standing')}
      extra={
        <span className="provider-acts">
          {ownActsOf(request).map((act) => (
            <Button
              key={act}
              size="small"
              type={act === 'answer' ? 'primary' : 'default'}
              loading={act === 'note' && note.isPending}
              onClick={() => (act === 'note' ? note.mutate() : setAsked(act))}
            >
              {t(`provider_act.${act}`)}
            </Button>
          ))}
        </span>
      }
    >
      {note.error ? <ErrorNote error={note.error} /> : null}
      <dl className="facts facts-row">
        <div>
          <dt>{t('provider.state')}</dt>
          <dd>
            <RequestState request={request} />
          </dd>
        </div>
        <div>
          <dt>{t('provider.agency')}</dt>
          <dd>{request.agency}</dd>
        </div>
        <div>
          <dt>{t('provider.incident')}</dt>
          <dd>{request.incident_number ?? '–'}</dd>
        </div>
        <div>
          <dt>{t('provider.system')}</dt>
          <dd>{request.system_name ?? '–'}</dd>
        </div>
      </dl>
      {asked === 'answer' ? <Answer request={request.id} onClose={() => setAsked(null)} /> : null}
      {asked === 'delay' ? <Delay request={request.id} onClose={() => setAsked(null)} /> : null}
    </Section>
  );
}

function Answer({ request, onClose }: { request: string; onClose: () => void }) {
  const { t } = useLanguage();
  const answer = useAnswerRequest(request);
  const [files, setFiles] = useState<ProviderFile[]>([]);
  return (
    <FormModal<{ text: string }>
      title={t('provider_act.answer')}
      ok={t('provider_act.answer')}
      will={t('provider.answer_will')}
      error={answer.error}
      busy={answer.isPending}
      onFinish={({ text }) =>
        answer.mutate({ text: written(text), ...(files.length > 0 ? { files } : {}) }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form.Item
        name="text"
        label={t('provider.answer_text')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={5} maxLength={16_000} />
      </Form.Item>
      <FileHashes files={files} onChange={setFiles} />
    </FormModal>
  );
}

function Delay({ request, onClose }: { request: string; onClose: () => void }) {
  const { t } = useLanguage();
  const delay = useAskDelay(request);
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<{ until: string; reason: string }>
      title={t('provider_act.delay')}
      ok={t('provider_act.delay')}
      will={t('provider.delay_will')}
      error={delay.error}
      busy={delay.isPending}
      onFinish={({ until, reason }) =>
        delay.mutate({ until, reason: written(reason) }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form.Item name="until" label={t('provider.delay_until')} rules={needed}>
        <MomentPicker allowClear={false} />
      </Form.Item>
      <Form.Item name="reason" label={t('provider.delay_reason')} rules={needed}>
        <Input.TextArea rows={3} maxLength={4000} />
      </Form.Item>
    </FormModal>
  );
}
